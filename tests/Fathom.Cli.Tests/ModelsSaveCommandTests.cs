using System.Text.Json;
using Fathom.Loading;
using Fathom.Loading.Checkpoints;
using Fathom.Models;

namespace Fathom.Cli.Tests;

public sealed class ModelsSaveCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fathom-save-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Place(string name = "saved") => Path.Combine(_folder, name);

    [Fact]
    public void Writes_a_folder_that_gives_the_same_predictions()
    {
        var run = CliRun.Of(["models", "save", "names-4l", "--out", Place()]);
        Assert.True(run.Code == ExitCode.Success, run.Error);
        Assert.Equal(Place() + "\n", run.Output);
        Assert.Matches(@"\d+ tensors, 4 files, \d", run.Error);
        Assert.Equal([Place()], Directory.GetFileSystemEntries(_folder));
        var own = Path.Combine(AppContext.BaseDirectory, "models", "names-4l");
        Assert.Equal(File.ReadAllBytes(Path.Combine(own, "tokenizer.json")), File.ReadAllBytes(Path.Combine(Place(), "tokenizer.json")));
        using (var original = Checkpoint.Open(own))
        using (var saved = Checkpoint.Open(Place()))
        {
            Assert.Equal(original.Tensors.Values.Select(t => t.ToString()).Order(), saved.Tensors.Values.Select(t => t.ToString()).Order());
        }

        Assert.Equal(CliRun.Of(["predict", "When Alex"]).Output, CliRun.Of(["predict", "When Alex", "-m", Place()]).Output);
    }

    [Fact]
    public void Says_what_it_wrote_as_json()
    {
        var json = CliRun.Of(["models", "save", "names-4l", "--out", Place(), "--dtype", "bfloat16", "--shard-size", "500kB", "--json"]).Json();
        Assert.Equal("fathom.models.save/1", json.GetProperty("schema").GetString());
        Assert.Equal(Place(), json.GetProperty("path").GetString());
        Assert.Equal("none", json.GetProperty("provenance").GetProperty("processing").GetString());
        var files = json.GetProperty("files").EnumerateArray().Select(f => f.GetString()!).ToList();
        Assert.Contains("model.safetensors.index.json", files);
        Assert.Equal(Directory.GetFiles(Place()).Sum(f => new FileInfo(f).Length), json.GetProperty("bytes").GetInt64());
        using var saved = Checkpoint.Open(Place());
        Assert.Equal(saved.Tensors.Count, json.GetProperty("tensors").GetInt32());
        Assert.All(saved.Tensors.Values, t => Assert.Equal(StoredType.BF16, t.Type));
        using var config = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Place(), "config.json")));
        Assert.Equal("bfloat16", config.RootElement.GetProperty(config.RootElement.TryGetProperty("dtype", out _) ? "dtype" : "torch_dtype").GetString());
    }

    [Fact]
    public void What_was_stored_in_16_bits_stays_so()
    {
        Assert.Equal(ExitCode.Success, CliRun.Of(["models", "save", "names-4l", "--out", Place("half"), "--dtype", "bfloat16"]).Code);
        Assert.Equal(ExitCode.Success, CliRun.Of(["models", "save", Place("half"), "--out", Place("again")]).Code);
        Assert.All(Directory.GetFiles(Place("half")), f => Assert.Equal(File.ReadAllBytes(f), File.ReadAllBytes(Path.Combine(Place("again"), Path.GetFileName(f)))));
    }

    [Fact]
    public void What_was_stored_in_64_bits_stays_so()
    {
        Assert.Equal(ExitCode.Success, CliRun.Of(["models", "save", "names-4l", "--out", Place("double"), "--dtype", "float64"]).Code);
        Assert.Equal(ExitCode.Success, CliRun.Of(["models", "save", Place("double"), "--out", Place("again")]).Code);
        Assert.Equal(File.ReadAllBytes(Path.Combine(Place("double"), "model.safetensors")), File.ReadAllBytes(Path.Combine(Place("again"), "model.safetensors")));
        Assert.Equal(TorchSharp.torch.ScalarType.Float64, PretrainedModel.LosslessDType(Place("double")));
        Assert.Equal(TorchSharp.torch.ScalarType.Float16, PretrainedModel.LosslessDType("names-4l"));
    }

    [Fact]
    public void Writes_processed_weights_as_a_state_dict()
    {
        var file = Place("names.safetensors");
        var run = CliRun.Of(["models", "save", "names-4l", "--state-dict", "--processing", "default", "--out", file]);
        Assert.True(run.Code == ExitCode.Success, run.Error);
        Assert.Equal([file], Directory.GetFileSystemEntries(_folder));
        using var model = HookedTransformer.FromPretrained("names-4l");
        using var saved = Checkpoint.Open(file);
        Assert.Equal(model.Weights.Where(w => w.IsBound).Select(w => w.Name).Order(), saved.Tensors.Keys.Order());
        Assert.Equal(model.Source.Processing, saved.Metadata["processing"]);
    }

    [Fact]
    public void Refuses_a_place_that_is_taken()
    {
        File.WriteAllText(Place("notes.txt"), "mine");
        CliRun.Of(["models", "save", "names-4l", "--out", _folder]).Failed(ExitCode.Failure, "the folder is not empty", "--overwrite");
        CliRun.Of(["models", "save", "names-4l", "--out", _folder, "--overwrite"]).Failed(ExitCode.Failure, "it holds 'notes.txt'");
        CliRun.Of(["models", "save", "names-4l", "--out", Place("notes.txt")]).Failed(ExitCode.Failure, "there is such a file");
        Assert.Equal("mine", File.ReadAllText(Place("notes.txt")));
    }

    [Fact]
    public void Refuses_options_that_contradict_each_other()
    {
        CliRun.Of(["models", "save", "names-4l", "--out", Place(), "--processing", "default"]).Failed(ExitCode.Usage, "add --state-dict");
        CliRun.Of(["models", "save", "names-4l", "--out", Place("a.safetensors"), "--state-dict", "--shard-size", "1GB"]).Failed(ExitCode.Usage, "--state-dict writes one file");
        CliRun.Of(["models", "save", "names-4l", "--out", Place("a.bin"), "--state-dict"]).Failed(ExitCode.Usage, "must end in .safetensors");
        CliRun.Of(["models", "save", "names-4l", "--out", Place(), "--shard-size", "large"]).Failed(ExitCode.Usage, "--shard-size 'large' is no size");
        CliRun.Of(["models", "save", "names-4l"]).Failed(ExitCode.Usage, "--out");
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void A_model_that_is_not_here_is_named() =>
        CliRun.Of(["models", "save", Path.Combine(_folder, "nowhere"), "--out", Place()]).Failed(ExitCode.NotFound, "nowhere");
}
