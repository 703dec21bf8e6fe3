using System.Text.Json.Nodes;
using Fathom.Architectures;
using Fathom.Configuration;
using Fathom.Tests.Conformance;

namespace Fathom.Tests.Architectures;

/// <summary>Configs of mixtures of experts: spellings, lists, and what is refused.</summary>
public sealed class MixtureConfigTests
{
    [Fact]
    public void A_number_for_each_layer_is_read_as_one_for_each_layer()
    {
        var config = Read("hunyuan-moe", c => c["moe_topk"] = new JsonArray(1, 3));
        Assert.Equal([1, 3], config.Blocks.Select(b => ((MixtureOfExpertsConfig)b.Mlp!).Router.Chosen));
    }

    [Theory]
    [InlineData("hunyuan-moe", "moe_topk", "[1, 2, 3]", "it holds one number from 1 to 4 for all 2 layers, or one for each")]
    [InlineData("hunyuan-moe", "moe_intermediate_size", "[40, 48]", "'moe_intermediate_size' holds 48; only 40 is implemented")]
    [InlineData("hunyuan-moe", "use_cla", "true", "only false is implemented")]
    [InlineData("mixtral", "num_experts_per_tok", "5", "'num_experts_per_tok' is 5; there are 4 experts to choose from")]
    [InlineData("mixtral", "num_experts", "8", "'num_local_experts' is 4 and 'num_experts' is 8; they mean the same number")]
    [InlineData("mixtral", "num_local_experts", "0", "must be from 1")]
    [InlineData("dots1", "n_group", "3", "4 experts in 'n_group' 3 groups of which 'topk_group' 1 are kept cannot give 2 to each token")]
    [InlineData("olmoe", "clip_qkv", "8.0", "only null is implemented")]
    [InlineData("mixtral", "expert_capacity", "2", "does not honour expert_capacity=2")]
    public void An_impossible_mixture_is_refused_by_its_key(string family, string key, string value, string why)
    {
        var refused = Assert.Throws<ConfigException>(() => Read(family, c => c[key] = JsonNode.Parse(value)));
        Assert.Contains(key, refused.Keys);
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Qwens_rule_says_which_layers_have_experts()
    {
        var config = Read("qwen3-moe", c =>
        {
            c["mlp_only_layers"] = new JsonArray();
            c["decoder_sparse_step"] = 2;
        });
        Assert.Equal([false, true, false], config.Blocks.Select(b => b.Mlp is MixtureOfExpertsConfig));
    }

    [Fact]
    public void Llama_4_without_lists_has_experts_on_every_step_and_chunks_where_positions_turn()
    {
        var config = Read("llama4", c =>
        {
            c.Remove("moe_layers");
            c.Remove("layer_types");
            c.Remove("no_rope_layers");
        });
        Assert.Equal(config, Read("llama4", _ => { }), (a, b) => a.Blocks.SequenceEqual(b.Blocks));
    }

    private static ModelConfig Read(string family, Action<JsonObject> change)
    {
        var path = Path.Combine(Family.Folder(family), "config.json");
        var json = JsonNode.Parse(File.ReadAllBytes(path))!.AsObject();
        change(json);
        var element = ConfigFile.Parse(System.Text.Encoding.UTF8.GetBytes(json.ToJsonString()), path);
        return Catalogue.Of(element, path).ReadConfig(element, path);
    }
}
