using Fathom.Loading.Checkpoints;

namespace Fathom.Cli.Tests;

/// <summary>What loading decided is told after the result, and in which type the model computes is the user's choice.</summary>
public sealed class LoadNotesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fathom-notes-").FullName;

    public LoadNotesTests()
    {
        // The embedded model with its embedding stored a second time, as unembedding.
        var own = Path.Combine(AppContext.BaseDirectory, "models", "names-4l");
        foreach (var file in Directory.GetFiles(own, "*.json"))
        {
            File.Copy(file, Path.Combine(_folder, Path.GetFileName(file)));
        }

        using var scope = torch.NewDisposeScope();
        using var stored = Checkpoint.Open(own);
        var tensors = stored.Tensors.Keys.ToDictionary(name => name, stored.Read);
        foreach (var tensor in tensors.Values)
        {
            scope.Attach(tensor);
        }

        tensors["lm_head.weight"] = tensors["wte.weight"];
        SafetensorsWriter.Write(Path.Combine(_folder, "model.safetensors"), tensors);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private const string Tied = "note: unembed.W_U is embed.W_E transposed";

    [Fact]
    public void What_loading_decided_stands_on_standard_error_a_line_each()
    {
        var run = CliRun.Of(["predict", "When Alex", "-m", _folder]);
        Assert.Equal(ExitCode.Success, run.Code);
        Assert.Single(run.Error.Split('\n'), line => line.StartsWith(Tied, StringComparison.Ordinal));
        Assert.All(run.Error.Split('\n').Where(line => line.Contains("W_U", StringComparison.Ordinal)), line => Assert.StartsWith("note: ", line, StringComparison.Ordinal));
        Assert.DoesNotContain("note:", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Quiet_leaves_them_out_and_json_stays_a_document()
    {
        Assert.Empty(CliRun.Of(["predict", "When Alex", "-m", _folder, "--quiet"]).Error);
        var run = CliRun.Of(["predict", "When Alex", "-m", _folder, "--json"]);
        run.Json();
        Assert.Contains(Tied, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void What_every_tied_model_does_is_no_note() =>
        Assert.DoesNotContain("note:", CliRun.Of(["predict", "When Alex"]).Error, StringComparison.Ordinal);

    [Fact]
    public void A_run_that_fails_after_loading_says_only_why() =>
        CliRun.Of(["test-prompt", "When Alex", ""]).Failed(ExitCode.Usage);

    [Theory]
    [InlineData("float32", "fp32", 1e-9)]
    [InlineData("bfloat16", "bf16", 0.2)]
    [InlineData("float16", "fp16", 0.03)]
    [InlineData("float64", "fp64", 1e-4)]
    public void A_type_has_two_names_and_changes_logits_by_no_more_than_its_rounding(string name, string brief, double rounding)
    {
        var json = CliRun.Of(["predict", "When Alex", "--top", "1", "--json", "--dtype", name]).Json();
        var same = CliRun.Of(["predict", "When Alex", "--top", "1", "--json", "--dtype", brief]).Json();
        var usual = CliRun.Of(["predict", "When Alex", "--top", "1", "--json"]).Json();
        Assert.Equal(name, json.GetProperty("provenance").GetProperty("dtype").GetString());
        Assert.Equal(Logit(json), Logit(same));
        Assert.InRange(Math.Abs(Logit(json) - Logit(usual)), 0, rounding);
    }

    private static double Logit(System.Text.Json.JsonElement json) => json.GetProperty("top")[0].GetProperty("logit").GetDouble();
}
