using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>Seed-OSS: Llama with separate switches for the biases of queries, keys, values and of the output.</summary>
/// <remarks>Source: the released code of ByteDance's Seed-OSS models.</remarks>
public sealed class SeedOss : LlamaLike
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Ids => ["SeedOssForCausalLM", "SeedOssModel"];

    /// <inheritdoc/>
    public override string Family => "Seed-OSS";

    /// <inheritdoc/>
    protected override ModelConfig Read(HubConfig hub)
    {
        DecoderShape shape = new(hub);
        RmsNormConfig norm = new(hub.Number("rms_norm_eps", 1e-6));
        BlockConfig block = new()
        {
            Ln1 = norm,
            Mixer = shape.Attention(new RotaryReader(hub, shape.HeadWidth).Read()) with { QkvBias = hub.Flag("attention_bias", true), OutputBias = hub.Flag("attention_out_bias", false) },
            Ln2 = norm,
            Mlp = shape.GatedMlp() with { Bias = hub.Flag("mlp_bias", false) },
        };
        return shape.Model(Ids[0], norm, tied: false, _ => block);
    }
}
