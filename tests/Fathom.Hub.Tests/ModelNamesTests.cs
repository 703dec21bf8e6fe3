namespace Fathom.Hub.Tests;

public sealed class ModelNamesTests
{
    [Fact]
    public void Knows_every_official_name_and_alias()
    {
        Assert.Equal(249, OfficialModels.All.Count);
        Assert.Equal(410, OfficialModels.All.Sum(m => m.Aliases.Count)); // 418 in the table, of which 8 repeat another of the same model.
        foreach (var model in OfficialModels.All)
        {
            Assert.Equal(model.Name, ModelNames.Resolve(model.Name).RepoId);
            Assert.All(model.Aliases, a => Assert.Same(model, ModelNames.Resolve(a.ToUpperInvariant()).Official));
        }
    }

    [Theory]
    [InlineData("gpt2-small", "gpt2")]
    [InlineData("GPT2", "gpt2")]
    [InlineData("Pythia-70M", "EleutherAI/pythia-70m")]
    [InlineData("pythia-19m", "EleutherAI/pythia-70m")]
    [InlineData("attn-only-2l", "NeelNanda/Attn_Only_2L512W_C4_Code")]
    [InlineData(" gelu-1l ", "NeelNanda/GELU_1L512W_C4_Code")]
    [InlineData("HuggingFaceTB/SmolLM2-135M", "HuggingFaceTB/SmolLM2-135M")]
    public void Resolves_names_in_any_case(string typed, string repoId) => Assert.Equal(repoId, ModelNames.Resolve(typed).RepoId);

    [Fact]
    public void Knows_moved_repositories_by_both_names()
    {
        var moved = ModelNames.Resolve("openai-community/gpt2");

        Assert.Equal("openai-community/gpt2", moved.RepoId);
        Assert.Equal("gpt2", moved.Official!.Name);
    }

    [Theory]
    [InlineData("gtp2-small", "gpt2-small")]
    [InlineData("pythia70m", "pythia-70m")]
    [InlineData("lama-7b", "llama-7b")]
    [InlineData("gemma2b", "gemma-2b")]
    public void Suggests_the_nearest_name(string typed, string expected)
    {
        var error = Assert.Throws<UnknownModelException>(() => ModelNames.Resolve(typed));

        Assert.Contains(expected, error.Nearest);
        Assert.Contains($"'{typed}' is not a model that Fathom knows by name. Did you mean ", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../../etc")]
    [InlineData("a/b/c")]
    [InlineData("owner/na--me")]
    [InlineData("owner/.hidden")]
    [InlineData("owner/name.git")]
    [InlineData("owner/na me")]
    [InlineData("")]
    public void Refuses_what_is_no_repository_id(string typed) => Assert.Throws<UnknownModelException>(() => ModelNames.Resolve(typed));

    [Fact]
    public void Gives_sizes_so_that_a_list_needs_no_download()
    {
        var model = ModelNames.Resolve("pythia-70m").Official!;

        Assert.Equal(("GPTNeoXForCausalLM", 6, 512, 18874368L), (model.Architecture, model.NLayers, model.DModel, model.NParams));
        Assert.Equal(6, OfficialModels.All.Count(m => m.NLayers is not null && m.DMlp is null));
        Assert.Null(ModelNames.Resolve("attn-only-1l").Official!.DMlp);
        Assert.Null(ModelNames.Resolve("santacoder").Official!.NLayers);
        Assert.False(ModelNames.Resolve("llama-7b").Official!.IsOnHub);
        Assert.True(ModelNames.Resolve("gpt2").Official!.IsOnHub);
    }
}
