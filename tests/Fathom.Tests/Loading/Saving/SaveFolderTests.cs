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

    private void RequireNothingElse() => Assert.Equal([Folder], Directory.GetFileSystemEntries(_parent));
}
