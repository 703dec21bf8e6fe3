using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>ERNIE 4.5 (dense): Llama with rotary pairs of neighbours and one switch for all biases.</summary>
/// <remarks>Source: the released code of Baidu's ERNIE 4.5 models.</remarks>
public sealed class Ernie45 : LlamaLike
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Ids => ["Ernie4_5ForCausalLM", "Ernie4_5Model", "Ernie4_5_ForCausalLM"];

    /// <inheritdoc/>
    public override string Family => "ERNIE 4.5";

    /// <inheritdoc/>
    protected override ModelConfig Read(HubConfig hub)
    {
        DecoderShape shape = new(hub);
        RmsNormConfig norm = new(hub.Number("rms_norm_eps", 1e-5));
        var bias = hub.Flag("use_bias", false);
        BlockConfig block = new()
        {
            Ln1 = norm,
            Mixer = shape.Attention(new RotaryReader(hub, shape.HeadWidth) { Theta = 5e5, AdjacentPairs = true }.Read()) with { QkvBias = bias, OutputBias = bias },
            Ln2 = norm,
            Mlp = shape.GatedMlp() with { Bias = bias },
        };
        return shape.Model(Ids[0], norm, tied: true, _ => block);
    }
}
