using Fathom.Tests.Fixtures;

namespace Fathom.Cli.Tests;

/// <summary>What somebody new sees the first time: the model comes by itself, or the message says what is missing and the command that gets it.</summary>
public sealed class FirstRunTests : HubModels
{
    [Fact]
    public void A_hub_id_is_fetched_and_answers_and_answers_again_without_the_network()
    {
        var first = Run("predict", "abc", "-m", "owner/small", "--top", "2", "--json").Json();
        Assert.Equal("owner/small", first.GetProperty("model").GetString());
        Assert.Equal(2, first.GetProperty("top").GetArrayLength());
        var asked = Hub.Seen.Count;
        var offline = Run(["predict", "abc", "-m", "owner/small", "--top", "2", "--json"], offline: true).Json();
        Assert.Equal(first.GetProperty("top").ToString(), offline.GetProperty("top").ToString());
        Assert.Equal(asked, Hub.Seen.Count);
        Assert.Equal("owner/small", Assert.Single(Run("models", "list", "--cached", "--json").Json().GetProperty("models").EnumerateArray()).GetProperty("name").GetString());
    }

    [Theory]
    [InlineData("owner/small is not on this machine (looked in ", "HF_HUB_OFFLINE is set, so nothing is fetched: unset it, then get the model with: fathom models pull owner/small (", "predict", "abc", "-m", "owner/small")]
    [InlineData("owner/small is not on this machine", "unset it, then get the model with: fathom models pull owner/small (", "models", "pull", "owner/small")]
    [InlineData("Its tokenizer is enough for this command", "HF_HUB_OFFLINE is set, so unset it first: fathom models pull owner/small --files tokenizer", "tokenize", "abc", "-m", "owner/small")]
    [InlineData("Its configuration is enough for this command", "unset it first: fathom models pull NeelNanda/SoLU_1L512W_C4_Code --files config", "models", "show", "solu-1l")]
    [InlineData("'gpt2-smal' is not a model that Fathom knows by name", "Did you mean gpt2-small?", "predict", "abc", "-m", "gpt2-smal")]
    public void Offline_without_the_model_the_message_says_how_to_get_it(string missing, string command, params string[] line) => Run(line, offline: true).Failed(ExitCode.NotFound, missing, command);

    [Theory]
    [InlineData("predict", "abc", "-m", "owner/nothing")]
    [InlineData("models", "pull", "owner/nothing")]
    public void A_model_that_the_hub_does_not_have_is_no_mystery(params string[] line) => Run(line).Failed(ExitCode.NotFound, "The hub shows no model owner/nothing", "fathom models search", "HF_TOKEN");

    [Fact]
    public void Commands_that_need_small_files_only_name_the_small_download()
    {
        Run("tokenize", "abc", "-m", "owner/small").Failed(ExitCode.NotFound, "Its tokenizer is enough for this command: fathom models pull owner/small --files tokenizer");
        Assert.Equal(ExitCode.Success, Run("models", "pull", "owner/small", "--files", "tokenizer").Code);
        Assert.Equal(3, Run("tokenize", "abc", "-m", "owner/small", "--json").Json().GetProperty("tokens").GetArrayLength());
        Run("models", "show", "owner/small").Failed(ExitCode.NotFound, "fathom models pull owner/small --files config");
        Assert.Equal(0, Hub.StorageGets);
    }

    [Fact]
    public void A_toy_is_pulled_with_the_tokenizer_that_it_names()
    {
        var pulled = Run("models", "pull", "solu-1l");
        Assert.Equal(ExitCode.Success, pulled.Code);
        Assert.Contains("Its tokenizer is that of NeelNanda/gpt-neox-tokenizer-digits", pulled.Error, StringComparison.Ordinal);
        Assert.Contains("2 files", pulled.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Success, Run(["predict", "abc", "-m", "solu-1l"], offline: true).Code);
        Assert.Equal(3, Run(["tokenize", "abc", "-m", "solu-1l", "--json"], offline: true).Json().GetProperty("tokens").GetArrayLength());
        Assert.Equal("neel", Run(["models", "show", "solu-1l", "--json"], offline: true).Json().GetProperty("architecture").GetString());
        Assert.Equal(ExitCode.Success, Run("models", "pull", "solu-1l", "--checkpoint", "262144").Code);
        Run("models", "pull", "solu-1l", "--checkpoint", "5").Failed(ExitCode.NotFound, "The nearest steps are 262144");
    }

    [Fact]
    public void One_GGUF_file_of_many_is_pulled_by_its_name()
    {
        Run("models", "pull", "owner/many").Failed(ExitCode.NotFound, "Each GGUF file is a model", "fathom models pull owner/many/small-q4.gguf");
        Assert.Contains("1 file", Run("models", "pull", "owner/many/small-q8.gguf").Error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Success, Run(["predict", "abc", "-m", "owner/many/small-q8.gguf"], offline: true).Code);
        Assert.Equal("LlamaForCausalLM", Run("models", "show", "owner/many/small-q8.gguf", "--json").Json().GetProperty("architecture").GetString());
        Run("models", "show", "owner/many/small-q4.gguf").Failed(ExitCode.NotFound, "fathom models pull owner/many/small-q4.gguf");
        Run(["predict", "abc", "-m", "owner/many/small-q4.gguf"], offline: true).Failed(ExitCode.NotFound, "unset it, then get the model with: fathom models pull owner/many/small-q4.gguf");
    }

    [Fact]
    public void An_adapter_answers_and_show_names_its_base()
    {
        Assert.Equal(ExitCode.Success, Run("predict", "abc", "-m", "owner/tuned").Code);
        Run("models", "show", "owner/tuned").Failed(ExitCode.Failure, "is a LoRA adapter", "fathom models show owner/small");
    }

    [Fact]
    public void The_list_says_of_every_toy_that_it_loads()
    {
        var toys = CliRun.Of(["models", "list", "neel", "--json"], variables: Variables).Json().GetProperty("models").EnumerateArray().ToList();
        Assert.Equal(27, toys.Count);
        Assert.All(toys, toy => Assert.True(toy.GetProperty("loads").GetBoolean(), toy.GetProperty("name").GetString()));
    }

    [Fact]
    public void Files_that_hold_their_config_are_shown_too()
    {
        var folder = Directory.CreateDirectory(Path.Combine(Folder, "own")).FullName;
        using var embedding = torch.ones(113, 8);
        TorchSave.Write(Path.Combine(folder, "ckpt.pt"), new Dictionary<string, object>
        {
            ["model"] = new Dictionary<string, object> { ["transformer.wte.weight"] = embedding },
            ["model_args"] = new Dictionary<string, object> { ["n_layer"] = 2, ["n_head"] = 2, ["n_embd"] = 8, ["block_size"] = 16, ["bias"] = false, ["vocab_size"] = 113, ["dropout"] = 0.0 },
        });
        Assert.Equal("nanogpt", Run("models", "show", folder, "--json").Json().GetProperty("architecture").GetString());
        Assert.Equal(2, Run("models", "show", Path.Combine(folder, "ckpt.pt"), "--json").Json().GetProperty("n_layers").GetInt32());
    }

    private CliRun Run(params string[] line) => Run(line, offline: false);

    private CliRun Run(string[] line, bool offline) => CliRun.Of(line, input: "", variables: offline ? new Dictionary<string, string>(Variables) { ["HF_HUB_OFFLINE"] = "1" } : Variables);
}
