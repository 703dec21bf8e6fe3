using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>Latent attention, and after the first, dense layers DeepSeek's experts.</summary>
public abstract class DeepSeekLike : LlamaLike
{
    private const string Attention = "model.layers.{i}.self_attn.";

    /// <inheritdoc/>
    public override IReadOnlyList<WeightRule> Weights(ModelConfig config) => Weights(config, config.Blocks[0].Mixer is AttentionConfig { DHeadV: var v, DHead: var d } && v == d ? "d_head" : "d_head_v");

    private static IReadOnlyList<WeightRule> Weights(ModelConfig config, string values) =>
    [
        .. LlamaTensors.Ends(),
        .. LlamaTensors.Norm("ln1", "input_layernorm"),
        new("blocks.{i}.attn.W_Q", $"{Attention}q_proj.weight", "(head d_head) d_model -> head d_model d_head"),
        new("blocks.{i}.attn.W_DQ", $"{Attention}q_a_proj.weight", "d_latent_q d_model -> d_model d_latent_q"),
        new("blocks.{i}.attn.q_latent_norm.w", $"{Attention}q_a_layernorm.weight"),
        new("blocks.{i}.attn.W_UQ", $"{Attention}q_b_proj.weight", "(head d_head) d_latent_q -> head d_latent_q d_head"),
        new("blocks.{i}.attn.W_DKV, blocks.{i}.attn.W_KR", $"{Attention}kv_a_proj_with_mqa.weight") { Slices = ["d_latent d_model -> d_model d_latent", "d_rotary d_model -> d_model d_rotary"] },
        new("blocks.{i}.attn.kv_latent_norm.w", $"{Attention}kv_a_layernorm.weight"),
        new("blocks.{i}.attn.W_UK, blocks.{i}.attn.W_UV", $"{Attention}kv_b_proj.weight", "(head d_kv) d_latent -> d_kv head d_latent")
        {
            Slices = ["d_nope head d_latent -> head d_latent d_nope", "d_head_v head d_latent -> head d_latent d_head_v"],
        },
        new("blocks.{i}.attn.W_O", $"{Attention}o_proj.weight", $"d_model (head {values}) -> head {values} d_model"),
        .. LlamaTensors.Norm("ln2", "post_attention_layernorm"),
        .. LlamaTensors.GatedMlp(config),
        .. MixtureTensors.Usual(),
        new("blocks.{i}.mlp.b_correction", "model.layers.{i}.mlp.gate.e_score_correction_bias"),
        .. MixtureTensors.Shared("model.layers.{i}.mlp.shared_experts"),
    ];

    /// <summary>Reads the config but for the router.</summary>
    /// <param name="hub">The config.</param>
    /// <param name="router">The router.</param>
    /// <param name="adjacentPairs">Whether rotary pairs are neighbours.</param>
    /// <param name="dense">The number of dense layers when the config does not say.</param>
    private protected ModelConfig Read(HubConfig hub, Func<MixtureReader, RouterConfig> router, bool adjacentPairs, int dense)
    {
        hub.Require("moe_layer_freq", "1");
        hub.Require("attention_bias", "false");
        DecoderShape shape = new(hub);
        MixtureReader mixture = new(hub);
        RmsNormConfig norm = new(hub.Number("rms_norm_eps", 1e-6));
        var (nope, rope, values) = (hub.Size("qk_nope_head_dim"), hub.Size("qk_rope_head_dim"), hub.Size("v_head_dim"));
        hub.Require("num_key_value_heads", $"{shape.Heads}");
        hub.Require("head_dim", $"{rope}");
        hub.Require("qk_head_dim", $"{nope + rope}");
        var rotary = new RotaryReader(hub, rope) { AdjacentPairs = adjacentPairs }.Read() with { Start = nope };
        AttentionConfig attention = new()
        {
            NHeads = shape.Heads,
            NKeyValueHeads = shape.Heads,
            DHead = nope + rope,
            DHeadV = values,
            Scale = Math.Pow(nope + rope, -0.5) * Sharpened(hub, rotary),
            Rotary = rotary,
            // The norms of compressed vectors do not read rms_norm_eps.
            Latent = new(hub.IsNull("q_lora_rank") ? null : hub.Size("q_lora_rank"), hub.Size("kv_lora_rank"), rope, new RmsNormConfig(1e-6)),
        };
        var (plain, sparse, prefix) = (shape.GatedMlp(), mixture.WithShared(router(mixture)), hub.Count("first_k_dense_replace", dense));
        return shape.Model(Ids[0], norm, tied: false, i => new() { Ln1 = norm, Mixer = attention, Ln2 = norm, Mlp = i < prefix ? plain : sparse });
    }

    // YaRN's factor for all lanes acts on scores, as its square; that for lanes that turn acts on cosines and sines.
    private static double Sharpened(HubConfig hub, RotaryConfig rotary)
    {
        var scaling = hub.Section("rope_parameters") ?? hub.Section("rope_scaling");
        return rotary.Scaling is YarnScaling { Factor: > 1 and var factor } && scaling?.Number("mscale_all_dim", 0) is > 0 and var all
            ? Math.Pow((0.1 * all * Math.Log(factor)) + 1, 2)
            : 1;
    }
}
