using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>JetMoE: experts in the place of each MLP and of attention's query and output projections.</summary>
/// <remarks>Source: Shen et al. 2024 (arXiv:2404.07413).</remarks>
public sealed class JetMoe : LlamaLike
{
    private const string Layer = "model.layers.{i}.", Attention = $"{Layer}self_attention.";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Ids => ["JetMoeForCausalLM", "JetMoeModel"];

    /// <inheritdoc/>
    public override string Family => "JetMoE";

    /// <inheritdoc/>
    protected override IReadOnlyList<string> InertKeys => ["aux_loss_coef", "num_attention_heads"];

    /// <inheritdoc/>
    public override IReadOnlyList<WeightRule> Weights(ModelConfig config) =>
    [
        .. LlamaTensors.Ends(),
        .. LlamaTensors.Norm("ln1", "input_layernorm"),
        new("blocks.{i}.attn.W_router", $"{Attention}experts.router.layer.weight", "expert d_model -> d_model expert"),
        new("blocks.{i}.attn.W_Q", $"{Attention}experts.input_linear.weight", "expert (kv_head d_head) d_model -> expert kv_head d_model d_head"),
        new("blocks.{i}.attn.W_K, blocks.{i}.attn.W_V", $"{Attention}kv_proj.weight", "(kind kv_head d_head) d_model -> kind kv_head d_model d_head"),
        new("blocks.{i}.attn.W_O", $"{Attention}experts.output_linear.weight", "expert d_model (kv_head d_head) -> expert kv_head d_head d_model"),
        new("blocks.{i}.attn.b_O", $"{Attention}experts.bias"),
        .. LlamaTensors.Norm("ln2", "post_attention_layernorm"),
        MixtureTensors.Router($"{Layer}mlp.router.layer.weight"),
        .. MixtureTensors.Fused($"{Layer}mlp.input_linear.weight", $"{Layer}mlp.output_linear.weight"),
        new("blocks.{i}.mlp.b_sum", $"{Layer}mlp.bias"),
    ];

    /// <inheritdoc/>
    protected override ModelConfig Read(HubConfig hub)
    {
        MixtureReader mixture = new(hub) { ExpertsIfAbsent = 8, ChosenIfAbsent = 2 };
        RmsNormConfig norm = new(hub.Number("rms_norm_eps", 1e-6));
        TopKRouter router = new(mixture.Chosen);
        var (heads, width) = (hub.Size("num_key_value_heads", 16), hub.Size("kv_channels", 128));
        BlockConfig block = new()
        {
            Ln1 = norm,
            Mixer = new RoutedAttentionConfig(heads, width, mixture.Experts, router) { Rotary = new RotaryReader(hub, width).Read() },
            Ln2 = norm,
            Mlp = new MixtureOfExpertsConfig(hub.Size("intermediate_size"), mixture.Experts, hub.Activation("activation_function", "silu"), router) { OutputBias = true },
        };
        return new()
        {
            Architecture = Ids[0],
            DModel = hub.Size("hidden_size"),
            DVocab = hub.Size("vocab_size"),
            NCtx = hub.Size("max_position_embeddings"),
            FinalNorm = norm,
            TiedEmbeddings = hub.Flag("tie_word_embeddings", true),
            Blocks = [.. Enumerable.Repeat(block, hub.Size("num_hidden_layers"))],
        };
    }
}
