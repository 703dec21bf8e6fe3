using System.Text.Json;
using Fathom.Architectures;

namespace Fathom.Cli.Tests;

public sealed class ModelsCommandTests : IDisposable
{
    private const string Gpt2Config = """
        { "architectures": ["GPT2LMHeadModel"], "model_type": "gpt2", "vocab_size": 11, "n_positions": 16, "n_embd": 8, "n_layer": 2, "n_head": 2, "layer_norm_epsilon": 1e-5, "activation_function": "gelu_new" }
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("fathom-models-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void List_has_every_official_name_and_alias()
    {
        var models = CliRun.Of(["models", "list", "--json"]).Json();
        Assert.Equal("fathom.models/1", models.GetProperty("schema").GetString());
        var rows = models.GetProperty("models").EnumerateArray().ToList();
        Assert.True(rows.Count >= 249, $"{rows.Count} models");
        var gpt2 = rows.Single(row => row.GetProperty("name").GetString() == "gpt2");
        Assert.Equal("gpt2-small", gpt2.GetProperty("aliases")[0].GetString());
        Assert.Equal(12, gpt2.GetProperty("n_layers").GetInt32());
        Assert.False(gpt2.GetProperty("cached").GetBoolean());
        Assert.True(gpt2.GetProperty("loads").GetBoolean());

        // Where the list names no architecture, only the model's config can tell.
        Assert.All(rows, row => Assert.Equal(
            row.GetProperty("architecture").GetString() is { } architecture ? (Catalogue.Ids.Contains(architecture) ? JsonValueKind.True : JsonValueKind.False) : JsonValueKind.Null,
            row.GetProperty("loads").ValueKind));
    }

    [Fact]
    public void List_filters_by_any_word_of_the_model()
    {
        var lines = CliRun.Of(["models", "list", "pythia-70m"]).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith("name\taliases\tarchitecture\t", lines[0], StringComparison.Ordinal);
        Assert.NotEmpty(lines[1..]);
        Assert.All(lines[1..], line => Assert.Contains("pythia-70m", line, StringComparison.Ordinal));
        Assert.Single(CliRun.Of(["models", "list", "--cached"]).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void Path_of_a_model_that_is_not_here_says_how_to_get_it() =>
        CliRun.Of(["models", "path", "gpt2-small"]).Failed(ExitCode.NotFound, "gpt2 is not on this machine", "fathom models pull gpt2");

    [Fact]
    public void An_unknown_model_is_refused_with_the_nearest_names() =>
        CliRun.Of(["models", "path", "gpt2-smal"]).Failed(ExitCode.NotFound, "'gpt2-smal' is not a model", "gpt2-small");

    [Fact]
    public void Path_prints_the_snapshot_in_the_shared_cache()
    {
        var repository = Path.Combine(_folder, "models--gpt2");
        var commit = new string('a', 40);
        var snapshot = Path.Combine(repository, "snapshots", commit);
        Directory.CreateDirectory(snapshot);
        Directory.CreateDirectory(Path.Combine(repository, "refs"));
        File.WriteAllText(Path.Combine(repository, "refs", "main"), commit);
        File.WriteAllText(Path.Combine(snapshot, "config.json"), "{}");

        var run = CliRun.Of(["models", "path", "gpt2-small"], variables: new Dictionary<string, string> { ["HF_HUB_CACHE"] = _folder });

        Assert.Equal(snapshot + "\n", run.Output);
    }

    [Fact]
    public void The_default_model_is_kept()
    {
        var here = new Dictionary<string, string> { ["XDG_CONFIG_HOME"] = _folder };
        Assert.Equal("names-4l", CliRun.Of(["models", "default", "--json"], variables: here).Json().GetProperty("model").GetString());
        Assert.Equal(ExitCode.Success, CliRun.Of(["models", "default", "pythia-70m"], variables: here).Code);
        Assert.Equal("pythia-70m", CliRun.Of(["models", "default", "--json"], variables: here).Json().GetProperty("model").GetString());
        here["FATHOM_MODEL"] = "gpt2";
        Assert.Equal("model\torigin\ngpt2\tFATHOM_MODEL\n", CliRun.Of(["models", "default"], variables: here).Output);
        here.Remove("FATHOM_MODEL");
        Assert.Equal("names-4l", CliRun.Of(["models", "default", "--clear", "--json"], variables: here).Json().GetProperty("model").GetString());
        CliRun.Of(["models", "default", "gtp2"], variables: here).Failed(ExitCode.NotFound, "gpt2");
    }

    [Fact]
    public void A_settings_file_with_an_unknown_key_is_refused_by_name()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "fathom"));
        File.WriteAllText(Path.Combine(_folder, "fathom", "config.json"), "{ \"modle\": \"gpt2\" }");
        CliRun.Of(["models", "default"], variables: new Dictionary<string, string> { ["XDG_CONFIG_HOME"] = _folder }).Failed(ExitCode.Usage, "'modle'", "\"model\"");
    }

    [Fact]
    public void Show_prints_size_and_hooks_without_the_weights()
    {
        File.WriteAllText(Path.Combine(_folder, "config.json"), Gpt2Config);
        var json = CliRun.Of(["models", "show", _folder, "--json"]).Json();
        Assert.Equal(("fathom.model/1", "GPT2LMHeadModel", 2), (json.GetProperty("schema").GetString(), json.GetProperty("architecture").GetString(), json.GetProperty("n_layers").GetInt32()));

        // W_E and W_pos, then per block four 8x8 matrices, the MLP of 32, their biases and two norms, then the last norm; W_U is tied.
        Assert.Equal((11 * 8) + (16 * 8) + (2 * ((4 * 64) + (4 * 8) + (2 * 8 * 32) + 32 + 8 + (4 * 8))) + 16, json.GetProperty("n_params").GetInt64());
        var hook = json.GetProperty("hooks").EnumerateArray().Single(item => item.GetProperty("name").GetString() == "blocks.1.attn.hook_pattern");
        Assert.Equal("[batch, head=2, query_pos, key_pos]", hook.GetProperty("shape").GetString());

        // Processing gives the unembedding numbers of its own.
        var memory = json.GetProperty("memory").EnumerateArray().Select(m => (m.GetProperty("dtype").GetString(), m.GetProperty("bytes").GetInt64(), m.GetProperty("bytes_unprocessed").GetInt64())).ToList();
        var count = json.GetProperty("n_params").GetInt64();
        Assert.Equal([("float32", 4 * (count + 88), 4 * count), ("bfloat16", 2 * (count + 88), 2 * count), ("float16", 2 * (count + 88), 2 * count), ("float64", 8 * (count + 88), 8 * count)], memory);
        Assert.Equal(5 * (count + 88), json.GetProperty("memory")[0].GetProperty("peak_bytes").GetInt64());

        var screen = CliRun.Of(["models", "show", _folder], screen: true);
        Assert.Matches(@"memory in +processed +as in the file +most while loading\nfloat32 +\d", screen.Output);
        Assert.Contains("context       16 tokens", screen.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("blocks.1.", screen.Output, StringComparison.Ordinal);
        Assert.Contains("blocks.1.", CliRun.Of(["models", "show", _folder, "--all"], screen: true).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Show_of_a_model_that_is_not_here_asks_for_its_small_files_only() =>
        CliRun.Of(["models", "show", "gpt2-small"]).Failed(ExitCode.NotFound, "fathom models pull gpt2 --files config");

    [Fact]
    public void A_config_key_nobody_reads_is_refused_by_name()
    {
        File.WriteAllText(Path.Combine(_folder, "config.json"), Gpt2Config.Replace("\"n_head\": 2", "\"n_head\": 2, \"n_heads_extra\": 3", StringComparison.Ordinal));
        CliRun.Of(["models", "show", _folder]).Failed(ExitCode.Failure, "n_heads_extra");
    }

    [Fact]
    public void A_folder_without_a_config_is_not_found() =>
        CliRun.Of(["models", "show", _folder]).Failed(ExitCode.NotFound, "config.json");

    [Fact]
    public void Completion_knows_the_models() =>
        Assert.Contains("pythia-70m\n", CliRun.Of(["[suggest:29]", "fathom models path pythia-70m"]).Output, StringComparison.Ordinal);
}
