using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>Models in TransformerLens's own names and layout: the published toys (SoLU, GELU, attention only, Shortformer) and whatever <c>torch.save(model.state_dict())</c> of a <c>HookedTransformer</c> wrote.</summary>
/// <remarks>Source: Elhage et al. 2021, "A Mathematical Framework for Transformer Circuits", and 2022, "Softmax Linear Units", whose models these repeat.</remarks>
public sealed class Neel : Architecture
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Ids => ["neel"];

    /// <inheritdoc/>
    public override string Family => "TransformerLens";

    /// <inheritdoc/>
    public override IReadOnlyList<string> StaleTensors => TransformerLensTensors.Buffers;

    /// <inheritdoc/>
    protected override IReadOnlyList<string> InertKeys => TransformerLensConfig.Inert;

    /// <inheritdoc/>
    public override IReadOnlyList<WeightRule> Weights(ModelConfig config) =>
    [
        new("embed.W_E", "embed.W_E"),
        new("pos_embed.W_pos", "pos_embed.W_pos"),
        .. TransformerLensTensors.Norm("blocks.{i}.ln1"),
        .. TransformerLensTensors.Attention(),
        .. TransformerLensTensors.Norm("blocks.{i}.ln2"),
        .. TransformerLensTensors.PlainMlp(),
        .. TransformerLensTensors.Norm("blocks.{i}.mlp.ln"),
        .. TransformerLensTensors.Norm("ln_final"),
        new("unembed.W_U", "unembed.W_U"),
        new("unembed.b_U", "unembed.b_U") { IsOptional = true },
    ];

    /// <inheritdoc/>
    protected override ModelConfig Read(HubConfig hub)
    {
        ArgumentNullException.ThrowIfNull(hub);
        TransformerLensConfig config = new(hub);
        var model = config.Model(Ids[0]);

        // The first SoLU models hold some matrices the other way round, and nothing in their files says so.
        return config.IsFolded && model.NLayers <= 8 && model.DModel == model.NCtx && !hub.Has("architecture") && !hub.Has("original_architecture") && !hub.Has("init_mode")
            ? throw new ConfigException(hub.Source, ["architecture"], $"the positions are a square of {model.NCtx} by {model.DModel}, and the first SoLU models (NeelNanda/SoLU_*_old) hold it transposed. Say which this is: put \"architecture\": \"neel-solu-old\" for one of those, \"architecture\": \"neel\" for any other, into config.json.")
            : model;
    }
}
