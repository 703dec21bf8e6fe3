using Fathom.Components;
using Fathom.Configuration;
using Fathom.Hooks;

namespace Fathom.Models;

/// <summary>An encoder whose every intermediate has a name: each position sees all others, and the head predicts masked tokens.</summary>
/// <remarks>The verbs are those of <see cref="HookedTransformer"/>; what rests on causality (generation, caches of keys and values, next-token loss) does not exist here. Source: Devlin et al. 2018 (arXiv:1810.04805).</remarks>
public sealed class HookedEncoder : StackedModel
{
    /// <summary>Builds a model with empty weight slots.</summary>
    /// <param name="config">What to build.</param>
    public HookedEncoder(ModelConfig config)
        : this(config, new PartScope())
    {
    }

    private HookedEncoder(ModelConfig config, PartScope root)
        : base(root, config)
    {
        var scope = root.With(("d_model", config.DModel), ("d_vocab", config.DVocab), ("one", 1));
        Embed = new(scope.Child("embed"), config);
        HookFullEmbed = scope.Point("hook_full_embed", "batch pos d_model");
        Blocks = [.. config.Blocks.Select((block, i) => new TransformerBlock(scope.Child($"blocks.{i}", i), block))];
        LnFinal = config.FinalNorm is { } norm ? new(scope.Child("ln_final"), norm) : null;
        Head = config.Head is { } head ? new(scope.Child("mlm_head"), head, config.DEmbed ?? config.DModel) : null;
        Unembed = new(scope.Child("unembed"), config);
    }

    /// <summary>The embeddings of tokens, positions and token types.</summary>
    public EncoderEmbed Embed { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<TransformerBlock> Blocks { get; }

    /// <inheritdoc/>
    public override Norm? LnFinal { get; }

    /// <summary>The head that predicts masked tokens, before the unembedding.</summary>
    public override PredictionHead? Head { get; }

    /// <inheritdoc/>
    public override Unembed Unembed { get; }

    /// <summary>What the first block reads.</summary>
    public HookPoint HookFullEmbed { get; }

    /// <inheritdoc/>
    internal override Weight WordVectors => Embed.WE;

    /// <inheritdoc/>
    internal override bool FramesTexts => true;

    /// <inheritdoc/>
    public override Tensor Forward(Tensor tokens, RunOptions? options = null)
    {
        options ??= RunOptions.Default;
        if (options.Cache is not null)
        {
            throw new TokenInputException("An encoder reads the whole text at once, since every position sees all others; there is nothing to keep for later tokens. Leave RunOptions.Cache out.");
        }

        var stop = ForwardLoop.StopLayer(options.StopAtLayer, Config.NLayers);
        using var gradients = options.WithGradients ? torch.enable_grad() : torch.no_grad();
        using var scope = torch.NewDisposeScope();
        tokens = ForwardLoop.Checked(tokens, Config, options);
        var types = ForwardLoop.TokenTypes(tokens, Config, options);
        var hooks = Activate(options);
        using Pass pass = new([ForwardLoop.Segment(tokens, options)], hooks);
        Prepare(pass);
        var embedded = pass.Apply(HookFullEmbed, Embed.Forward(tokens.reshape(-1), types, pass, options.WithGradients));
        var resid = ForwardLoop.Run(this, embedded, pass, 0, stop ?? Config.NLayers);
        var result = stop is null ? LogitsOf(resid, pass) : resid;
        hooks.RequireFired(stop is null ? "the model does not compute it here" : $"the run stopped before layer {stop}");
        return result.view(tokens.shape[0], tokens.shape[1], -1).MoveToOuterDisposeScope();
    }
}
