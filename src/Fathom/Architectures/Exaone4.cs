using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>EXAONE 4: norms on what the sublayers write, norms on each head's queries and keys, windows on three of four layers and no positions on the others.</summary>
/// <remarks>Source: LG AI Research 2025 (arXiv:2507.11407).</remarks>
public sealed class Exaone4 : LlamaLike
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Ids => ["Exaone4ForCausalLM", "Exaone4Model"];

    /// <inheritdoc/>
    public override string Family => "EXAONE 4";

    /// <inheritdoc/>
    public override IReadOnlyList<WeightRule> Weights(ModelConfig config) =>
    [
        .. LlamaTensors.Ends(),
        .. LlamaTensors.Attention(config),
        .. LlamaTensors.QueryKeyNorm("q_norm", "k_norm"),
        .. LlamaTensors.Norm("ln1", "post_attention_layernorm"),
        .. LlamaTensors.GatedMlp(config),
        .. LlamaTensors.Norm("ln2", "post_feedforward_layernorm"),
    ];

    /// <inheritdoc/>
    protected override ModelConfig Read(HubConfig hub)
    {
        DecoderShape shape = new(hub);
        RmsNormConfig norm = new(hub.Number("rms_norm_eps", 1e-5), CastBeforeGain: false);
        var window = LayerKinds.Window(hub, ifAbsent: 4096);
        var pattern = Pattern(hub);
        var kinds = LayerKinds.Read(hub, shape.Layers, i => window is null ? LayerKinds.Full : pattern(i));
        var attention = shape.Attention(new RotaryReader(hub, shape.HeadWidth).Read()) with { QueryKeyNorm = new(norm, QueryKeyNormScope.HeadSharedGain) };
        var sliding = attention with { Window = window };
        var full = window is null ? attention : attention with { Rotary = null };
        var mlp = shape.GatedMlp();
        return shape.Model(Ids[0], norm, tied: false, i => new() { Mixer = kinds[i] == LayerKinds.Sliding ? sliding : full, Ln1Post = norm, Mlp = mlp, Ln2Post = norm });
    }

    /// <summary>The rule for files without a list of layers: every how many a layer is full, or letters, L for local and G for global.</summary>
    private static Func<int, string> Pattern(HubConfig hub)
    {
        if (hub.Raw("sliding_window_pattern") is not { ValueKind: System.Text.Json.JsonValueKind.String })
        {
            return LayerKinds.FullEvery(hub.Size("sliding_window_pattern", 4));
        }

        var letters = hub.Text("sliding_window_pattern");
        return letters.Length > 0 && letters.All(c => c is 'L' or 'G')
            ? layer => letters[layer % letters.Length] == 'L' ? LayerKinds.Sliding : LayerKinds.Full
            : throw new ConfigException(hub.Source, ["sliding_window_pattern"], $"'sliding_window_pattern' is \"{letters}\"; it is a number, or letters L (local) and G (global) such as \"LLLG\".");
    }
}
