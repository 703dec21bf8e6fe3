namespace Fathom.Cli.Tests;

/// <summary>Whatever is wrong: one paragraph with the next step, the documented exit code, no trace, no partial file.</summary>
public sealed class BadInputTests : IDisposable
{
    private static readonly string Embedded = Path.Combine(AppContext.BaseDirectory, "models", "names-4l");

    private readonly string _folder = Directory.CreateTempSubdirectory("fathom-bad-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Unknown_model() => CliRun.Of(["predict", "hi", "-m", "gpt2-smal"]).Failed(ExitCode.NotFound, "gpt2-small");

    [Fact]
    public void Missing_folder() => CliRun.Of(["predict", "hi", "-m", "./no/such/folder"]).Failed(ExitCode.NotFound, "no/such/folder");

    [Fact]
    public void Unknown_hook() => CliRun.Of(["cache", "hi", "-n", "blocks.0.hook_resid_prex"]).Failed(ExitCode.Usage, "blocks.0.hook_resid_pre'");

    [Fact]
    public void Unknown_option() => CliRun.Of(["predict", "hi", "--topp", "3"]).Failed(ExitCode.Usage, "--topp", "--top");

    [Fact]
    public void Value_out_of_range() => CliRun.Of(["predict", "hi", "--top", "0"]).Failed(ExitCode.Usage, "--top must be a whole number from 1");

    [Fact]
    public void Unknown_word() => CliRun.Of(["predict", "hi", "--dtype", "float8"]).Failed(ExitCode.Usage, "--dtype 'float8' is unknown", "float16");

    [Fact]
    public void Unknown_device() => CliRun.Of(["predict", "hi", "--device", "tpu"]).Failed(ExitCode.Usage, "tpu", "cpu");

    [Fact]
    public void A_device_that_is_not_there_is_named_before_anything_is_downloaded()
    {
        Assert.SkipWhen(TorchSharp.torch.cuda.is_available(), "this machine has the device");
        CliRun.Of(["predict", "hi", "--device", "cuda", "-m", "gpt2-small"]).Failed(ExitCode.Usage, "'cuda' is not there", "use cpu");
        CliRun.Of(["predict", "hi", "--device", "cuda:1"]).Failed(ExitCode.Usage, "'cuda:1' is not there");
        CliRun.Of(["predict", "hi", "--device", "cuda:x"]).Failed(ExitCode.Usage, "'cuda:x' is no device");
        CliRun.Of(["predict", "hi", "--device", "cpu:7"]).Failed(ExitCode.Usage, "'cpu:7' is no device");
        if (!OperatingSystem.IsMacOS())
        {
            CliRun.Of(["predict", "hi", "--device", "mps"]).Failed(ExitCode.Usage, "'mps' is not there", "Use cpu");
        }
    }

    [Fact]
    public void Empty_prompt() => CliRun.Of(["predict", ""]).Failed(ExitCode.Usage, "PROMPT is empty");

    [Fact]
    public void Missing_prompt() => CliRun.Of(["predict"]).Failed(ExitCode.Usage, "PROMPT is missing");

    [Fact]
    public void Prompt_longer_than_the_context() => CliRun.Of(["predict", string.Concat(Enumerable.Repeat(" Alex", 300))]).Failed(ExitCode.Usage, "256", "301");

    [Fact]
    public void Unknown_config_key()
    {
        CopyModel();
        var config = Path.Combine(_folder, "config.json");
        File.WriteAllText(config, File.ReadAllText(config).TrimEnd().TrimEnd('}') + ", \"rope_thetta\": 3 }");
        CliRun.Of(["predict", "hi", "-m", _folder]).Failed(ExitCode.Failure, "rope_thetta");
    }

    [Fact]
    public void Truncated_weights()
    {
        CopyModel();
        using (var stream = File.OpenWrite(Path.Combine(_folder, "model.safetensors")))
        {
            stream.SetLength(stream.Length - 1000);
        }

        CliRun.Of(["predict", "hi", "-m", _folder]).Failed(ExitCode.Failure, "model.safetensors");
    }

    [Fact]
    public void Corrupt_weights()
    {
        CopyModel();
        File.WriteAllBytes(Path.Combine(_folder, "model.safetensors"), [.. Enumerable.Repeat((byte)0x7b, 64)]);
        CliRun.Of(["predict", "hi", "-m", _folder]).Failed(ExitCode.Failure, "model.safetensors");
    }

    [Fact]
    public void Corrupt_tokenizer()
    {
        CopyModel();
        File.WriteAllText(Path.Combine(_folder, "tokenizer.json"), "{ \"version\": ");
        CliRun.Of(["predict", "hi", "-m", _folder]).Failed(ExitCode.Failure, "tokenizer.json");
    }

    [Fact]
    public void Reference_without_inputs()
    {
        var file = Path.Combine(Embedded, "model.safetensors");
        CliRun.Of(["verify", "model", "names-4l", "--reference", file]).Failed(ExitCode.Failure, "has no input_ids");
        CliRun.Of(["verify", "model", "names-4l", "--reference", Path.Combine(_folder, "no.safetensors")]).Failed(ExitCode.NotFound, "There is no file");
        CliRun.Of(["verify", "model", "names-4l"]).Failed(ExitCode.Usage, "needs --reference");
    }

    [Fact]
    public void No_permission_to_write()
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Skip("Only Linux has a folder that even root may not write to.");
        }

        CliRun.Of(["cache", "hi", "-o", "/sys/acts.safetensors"]).Failed(ExitCode.Failure, "Cannot write /sys/acts.safetensors");
    }

    [Fact]
    public void No_folder_to_write_to()
    {
        CliRun.Of(["cache", "hi", "-o", Path.Combine(_folder, "no", "acts.safetensors")]).Failed(ExitCode.NotFound, "does not exist");
        CliRun.Of(["cache", "hi", "-o", Path.Combine(_folder, "acts.txt")]).Failed(ExitCode.Usage, ".safetensors");
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    private void CopyModel()
    {
        foreach (var file in Directory.GetFiles(Embedded))
        {
            File.Copy(file, Path.Combine(_folder, Path.GetFileName(file)));
        }
    }
}
