using System.Diagnostics;
using Fathom.Loading;
using Fathom.Models;
using Fathom.Tests.Conformance;
using Fathom.Tests.Fixtures;

namespace Fathom.Tests.Loading.Saving;

/// <summary>Where a model may be saved, and what is left when it may not.</summary>
public sealed class SaveFolderTests : IDisposable
{
    private readonly HookedTransformer _model = HookedTransformer.FromPretrained(Family.Folder("gpt2"), Processing.None);
    private readonly string _parent = Fixture.EmptyFolder();

    private string Folder => Path.Combine(_parent, "saved");

    public void Dispose() => _model.Dispose();

    [Fact]
    public void A_folder_with_something_in_it_is_refused()
    {
        Directory.CreateDirectory(Folder);
        File.WriteAllText(Path.Combine(Folder, "config.json"), "mine");
        var refusal = Assert.Throws<SaveException>(() => _model.SavePretrained(Folder));
        Assert.Contains("it is not empty", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(Path.Combine(Folder, "config.json")));
        RequireNothingElse();
    }

    [Fact]
    public void An_earlier_saved_model_is_replaced_when_asked()
    {
        _model.SavePretrained(Folder, new() { ShardBytes = 20_000 });
        _model.SavePretrained(Folder, new() { Overwrite = true });
        Assert.True(File.Exists(Path.Combine(Folder, "model.safetensors")));
        Assert.False(File.Exists(Path.Combine(Folder, "model.safetensors.index.json")));
        RequireNothingElse();
    }

    [Theory]
    [InlineData("thesis.txt")]
    [InlineData("checkpoints/")]
    public void Nothing_but_a_saved_model_is_overwritten(string foreign)
    {
        _model.SavePretrained(Folder);
        var path = Path.Combine(Folder, foreign);
        if (foreign.EndsWith('/'))
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            File.WriteAllText(path, "mine");
        }

        var refusal = Assert.Throws<SaveException>(() => _model.SavePretrained(Folder, new() { Overwrite = true }));
        Assert.Contains($"it holds '{foreign.TrimEnd('/')}'", refusal.Message, StringComparison.Ordinal);
        Assert.True(Path.Exists(path));
        RequireNothingElse();
    }

    [Fact]
    public void An_empty_folder_is_filled()
    {
        Directory.CreateDirectory(Folder);
        var report = _model.SavePretrained(Folder);
        Assert.Equal(report.Files, Directory.GetFiles(Folder).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal));
        Assert.Equal(report.Bytes, Directory.GetFiles(Folder).Sum(f => new FileInfo(f).Length));
        RequireNothingElse();
    }

    [Fact]
    public void A_model_may_replace_its_own_files()
    {
        var folder = Path.Combine(_parent, "saved");
        _model.SavePretrained(folder);
        using var model = HookedTransformer.FromPretrained(folder, Processing.None);
        model.Weight("embed.W_E").Value.mul_(2f);
        model.SavePretrained(folder, new() { Overwrite = true });
        using var again = HookedTransformer.FromPretrained(folder, Processing.None);
        Assert.True(model.Embed.WE.Value.Equals(again.Embed.WE.Value));
    }

    [Fact]
    public void A_link_in_place_of_the_folder_is_not_followed()
    {
        var elsewhere = Fixture.EmptyFolder();
        Directory.CreateSymbolicLink(Folder, elsewhere);
        var refusal = Assert.Throws<SaveException>(() => _model.SavePretrained(Folder, new() { Overwrite = true }));
        Assert.Contains($"it is a link to {elsewhere}", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(elsewhere));
    }

    [Fact]
    public void A_tokenizer_file_that_links_out_of_the_model_is_not_copied()
    {
        var source = TinyWordPiece.Beside("families/gpt2");
        var real = Path.Combine(Fixture.EmptyFolder(), "elsewhere.json");
        File.Move(Path.Combine(source, "tokenizer.json"), real);
        File.CreateSymbolicLink(Path.Combine(source, "tokenizer.json"), real);
        using var model = HookedTransformer.FromPretrained(source, Processing.None);
        var refusal = Assert.Throws<UnsavableModelException>(() => model.SavePretrained(Folder));
        Assert.Contains($"is a link to {real}, outside the model's own files", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_parent));
    }

    [Fact]
    public void The_tokenizer_and_the_generation_settings_come_along()
    {
        var source = TinyWordPiece.Beside("families/gpt2");
        File.WriteAllText(Path.Combine(source, "notes.txt"), "not a model's");
        using var model = HookedTransformer.FromPretrained(source, Processing.None);
        var report = model.SavePretrained(Folder);
        Assert.Equal(["config.json", "generation_config.json", "model.safetensors", "tokenizer.json"], report.Files);
        Assert.All(["generation_config.json", "tokenizer.json"], (string f) => Assert.Equal(File.ReadAllBytes(Path.Combine(source, f)), File.ReadAllBytes(Path.Combine(Folder, f))));
    }

    [Fact]
    public void A_place_where_nothing_may_be_written_is_named()
    {
        File.WriteAllText(Path.Combine(_parent, "file"), "");
        var refusal = Assert.Throws<SaveException>(() => _model.SavePretrained(Path.Combine(_parent, "file", "saved")));
        Assert.Contains("Nothing was left under that name", refusal.Message, StringComparison.Ordinal);
        Assert.StartsWith("Cannot save to", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_snapshot_of_the_hub_cache_gives_its_files_and_not_its_links()
    {
        var repository = Path.Combine(Fixture.EmptyFolder(), "models--tiny--gpt2");
        var (blobs, snapshot) = (Path.Combine(repository, "blobs"), Path.Combine(repository, "snapshots", new string('a', 40)));
        Directory.CreateDirectory(blobs);
        Directory.CreateDirectory(snapshot);
        foreach (var (i, file) in Directory.GetFiles(TinyWordPiece.Beside("families/gpt2")).Index())
        {
            File.Move(file, Path.Combine(blobs, $"{i:D40}"));
            File.CreateSymbolicLink(Path.Combine(snapshot, Path.GetFileName(file)), $"../../blobs/{i:D40}");
        }

        using var model = HookedTransformer.FromPretrained(snapshot, Processing.None);
        model.SavePretrained(Folder);
        Assert.All(Directory.GetFiles(Folder), f => Assert.Null(new FileInfo(f).LinkTarget));
        Assert.Equal(File.ReadAllBytes(Path.Combine(snapshot, "tokenizer.json")), File.ReadAllBytes(Path.Combine(Folder, "tokenizer.json")));
    }

    [Fact]
    public void A_disk_too_small_or_full_leaves_nothing()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Run("mount", "-t", "tmpfs", "-o", "size=600k", "tmpfs", _parent), "Needs Linux and the right to mount a small disk.");
        try
        {
            using var large = HookedTransformer.FromPretrained(Family.Folder("gpt2"), Processing.None, new() { DType = torch.ScalarType.Float64 });
            var tooSmall = Assert.Throws<SaveException>(() => large.SavePretrained(Folder));
            Assert.Matches(@"the weights take [\d,]+ bytes and [\d,]+ are free", tooSmall.Message);

            // Somebody else takes the room while it is written.
            var full = Assert.Throws<SaveException>(() => _model.SavePretrained(Folder, new() { Progress = new Filler(Path.Combine(_parent, "filler")) }));
            Assert.Contains("Nothing was left under that name", full.Message, StringComparison.Ordinal);
            Assert.Equal([Path.Combine(_parent, "filler")], Directory.GetFileSystemEntries(_parent));
        }
        finally
        {
            Assert.True(Run("umount", _parent));
        }
    }

    private static bool Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private sealed class Filler(string path) : IProgress<string>
    {
        public void Report(string value)
        {
            if (File.Exists(path))
            {
                return;
            }

            using var stream = File.Create(path);
            var block = new byte[4096];
            try
            {
                for (var i = 0; i < 1000; i++)
                {
                    stream.Write(block);
                    stream.Flush();
                }
            }
            catch (IOException)
            {
                Assert.True(stream.Length > 0);
            }
        }
    }

    private void RequireNothingElse() => Assert.Equal([Folder], Directory.GetFileSystemEntries(_parent));
}
