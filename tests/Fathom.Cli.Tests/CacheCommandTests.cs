using Fathom.Activations;
using Fathom.Loading;
using Fathom.Loading.Checkpoints;
using Fathom.Models;

namespace Fathom.Cli.Tests;

public sealed class CacheCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fathom-cache-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Lists_activations_in_firing_order_with_their_shapes()
    {
        var lines = CliRun.Of(["cache", "When Alex"]).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("name\tshape\tmean\tstd\tmin\tmax", lines[0]);
        Assert.StartsWith("hook_embed\t[1, 3, 128]\t", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("unembed.hook_out\t[1, 3, 3840]\t", lines[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("acts.safetensors")]
    [InlineData("acts.npz")]
    public void Saves_what_verify_can_read_back(string name)
    {
        var file = Path.Combine(_folder, name);
        var json = CliRun.Of(["cache", "When Alex", "-n", "blocks.*.hook_resid_post", "-n", "q1", "-o", file, "--json"]).Json();
        Assert.Equal(5, json.GetProperty("activations").GetArrayLength());
        Assert.Equal("blocks.1.attn.hook_q", json.GetProperty("activations")[1].GetProperty("name").GetString());
        Assert.Equal([file], Directory.GetFileSystemEntries(_folder));
        using (var saved = Checkpoint.Open(file))
        {
            Assert.Equal(7, saved.Tensors.Count);
            Assert.Equal(("When Alex", "names-4l", "fathom.activations/1"), (saved.Metadata["prompt"], saved.Metadata["model"], saved.Metadata["format"]));
            Assert.StartsWith("fathom cache", saved.Metadata["command"], StringComparison.Ordinal);
            Assert.Equal("[\"<|endoftext|>\", \"When\", \" Alex\"]", System.Text.RegularExpressions.Regex.Unescape(saved.Metadata["tokens"]));
        }

        using (var model = HookedTransformer.FromPretrained("names-4l"))
        using (var back = ActivationCache.Load(file, model))
        {
            Assert.Equal(5, back.Count);
            Assert.Equal([1, 3, 4, 32], back["q", 1].shape);
        }

        var same = CliRun.Of(["verify", "model", "names-4l", "--reference", file, "--processing", "default", "--json"]).Json();
        Assert.True(same.GetProperty("passed").GetBoolean());
        Assert.Equal(7, same.GetProperty("tensors").GetArrayLength());

        // Without the processing that the file was made with, the residual stream is another one.
        var other = CliRun.Of(["verify", "model", "names-4l", "--reference", file]);
        Assert.Equal(ExitCode.Failure, other.Code);
        Assert.Contains("names-4l does not agree with", other.Error, StringComparison.Ordinal);
        Assert.Contains("\tDIFFERS", other.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_another_kind_is_refused_before_the_model_loads() =>
        CliRun.Of(["cache", "When Alex", "-o", Path.Combine(_folder, "acts.txt"), "-m", "no-such-model"]).Failed(ExitCode.Usage, "must end in .safetensors or .npz");

    [Fact]
    public void Several_runs_share_a_dump_by_their_prefixes_and_one_sequence_needs_no_batch_axis()
    {
        var (one, both) = (Path.Combine(_folder, "one.safetensors"), Path.Combine(_folder, "both.safetensors"));
        Assert.Equal(ExitCode.Success, CliRun.Of(["cache", "When Alex", "-n", "blocks.0.attn.hook_pattern", "-o", one, "--processing", "none"]).Code);
        using (var scope = TorchSharp.torch.NewDisposeScope())
        using (var saved = Checkpoint.Open(one))
        {
            var pattern = saved.Read("blocks.0.attn.hook_pattern");
            SafetensorsWriter.Write(both, new Dictionary<string, TorchSharp.torch.Tensor>
            {
                ["input_ids"] = saved.Read("input_ids"),
                ["attentions.0"] = pattern,
                ["clean.input_ids"] = saved.Read("input_ids").squeeze(0),
                ["clean.pattern.0"] = pattern.squeeze(0),
                ["clean.logits"] = saved.Read("logits").squeeze(0),
            });
        }

        var run = CliRun.Of(["verify", "model", "names-4l", "--reference", both]);
        Assert.True(run.Code == ExitCode.Success, run.Error + run.Output);
        Assert.Matches(@"(?m)^clean\.pattern\.0\tblocks\.0\.attn\.hook_pattern\t36\t\S+\tok$", run.Output);
    }

    [Fact]
    public void A_folder_of_goldens_is_compared_file_by_file()
    {
        var file = Path.Combine(_folder, "run.npz");
        Assert.Equal(ExitCode.Success, CliRun.Of(["cache", "When Alex", "-n", "hook_embed", "-o", file, "--processing", "none"]).Code);
        using (var scope = TorchSharp.torch.NewDisposeScope())
        using (var saved = Checkpoint.Open(file))
        {
            SafetensorsWriter.Write(Path.Combine(_folder, "prompts.safetensors"), new Dictionary<string, TorchSharp.torch.Tensor> { ["tokens.alex"] = saved.Read("input_ids")[0], ["logits_last.alex"] = saved.Read("logits")[0, -1] });
        }

        var run = CliRun.Of(["verify", "model", "names-4l", "--reference", _folder]);
        Assert.True(run.Code == ExitCode.Success, run.Error + run.Output);
        Assert.Equal("logits_last.alex\tlogits after 3 tokens\t3840\t0\tok", run.Output.Split('\n')[1]);
        Assert.Contains("note: Not compared, because they are no values of plain runs: run.", run.Error, StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(_folder, "generation.json"), """{ "prompts": [ { "ids": [0, 303], "continuation_ids": [1, 2], "continuation": "x" } ] }""");
        var wrong = CliRun.Of(["verify", "model", "names-4l", "--reference", _folder]);
        Assert.Equal(ExitCode.Failure, wrong.Code);
        Assert.Contains("\tDIFFERS", wrong.Output, StringComparison.Ordinal);
        Assert.StartsWith("error: names-4l does not agree with", wrong.Error, StringComparison.Ordinal);
        CliRun.Of(["verify", "model", "names-4l", "--reference", Path.Combine(_folder, "..")]).Failed(ExitCode.Failure, "holds no golden values");
    }

    [Fact]
    public void Ids_that_the_model_has_no_token_for_are_an_error()
    {
        var file = Path.Combine(_folder, "acts.safetensors");
        using var ids = TorchSharp.torch.tensor(new long[] { 0, 99999 }).reshape(1, 2);
        using var value = TorchSharp.torch.ones(1);
        SafetensorsWriter.Write(file, new Dictionary<string, TorchSharp.torch.Tensor> { ["input_ids"] = ids, ["loss"] = value });
        CliRun.Of(["verify", "model", "names-4l", "--reference", file]).Failed(ExitCode.Usage, "99999");
        SafetensorsWriter.Write(file, new Dictionary<string, TorchSharp.torch.Tensor> { ["input_ids"] = value, ["loss"] = value });
        CliRun.Of(["verify", "model", "names-4l", "--reference", file]).Failed(ExitCode.Usage, "int64");
    }

    [Fact]
    public void A_name_in_the_dump_that_nobody_understands_fails_the_comparison()
    {
        var file = Path.Combine(_folder, "acts.safetensors");
        using var ids = TorchSharp.torch.tensor(new long[] { 0, 303 }).reshape(1, 2);
        using var value = TorchSharp.torch.ones(1);
        SafetensorsWriter.Write(file, new Dictionary<string, TorchSharp.torch.Tensor> { ["input_ids"] = ids, ["resid_prex.0"] = value });
        var run = CliRun.Of(["verify", "model", "names-4l", "--reference", file]);
        Assert.Equal(ExitCode.Failure, run.Code);
        Assert.Contains("resid_prex.0\tnothing this model has\t\t\tUNKNOWN", run.Output, StringComparison.Ordinal);
    }
}
