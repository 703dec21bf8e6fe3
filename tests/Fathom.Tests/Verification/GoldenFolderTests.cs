using System.Security.Cryptography;
using System.Text.Json;
using Fathom.Activations;
using Fathom.Loading;
using Fathom.Loading.Checkpoints;
using Fathom.Models;
using Fathom.Tests.Fixtures;
using Fathom.Verification;

namespace Fathom.Tests.Verification;

/// <summary>A folder of goldens made by one model agrees with that model, and with no other number in it.</summary>
public sealed class GoldenFolderTests
{
    private static readonly int[] Ids = [1, 5, 3, 9];

    [Fact]
    public void A_model_agrees_with_what_it_said_and_everything_in_the_folder_is_accounted_for()
    {
        using var model = Model();
        var folder = Golden(model);
        File.WriteAllText(Path.Combine(folder, "head_sweeps.json"), "{}");
        var report = GoldenFolder.Compare(model, folder);
        Assert.True(report.Passed, report.ToString());
        Assert.Equal(["logits_last.clean.bos", "sizes.unprocessed", "edges.unprocessed", "pattern", "resid_post", "z_last", "generation.prompts.0"], report.Tensors.Select(t => t.Name));
        Assert.Equal(0, report.MaxDifference);
        Assert.Contains(report.Notes, note => note.Contains("no values of plain runs: head_sweeps", StringComparison.Ordinal));
        using var processed = HookedTransformer.FromPretrained(Fixture.Folder("families/llama"));
        var other = GoldenFolder.Compare(processed, folder);
        Assert.True(other.Passed, other.ToString());
        Assert.Contains(other.Notes, note => note.Contains("(--processing none compares them): edges.unprocessed, pattern", StringComparison.Ordinal));
        Assert.EndsWith("both centred", other.Tensors[0].Against, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("prompts.safetensors", "logits_last.clean.bos", "logits_last.clean.bos")]
    [InlineData("activations.safetensors", "resid_post", "resid_post")]
    [InlineData("activations.safetensors", "edges.unprocessed", "edges.unprocessed")]
    [InlineData("activations.safetensors", "pattern", "pattern")]
    public void One_wrong_number_is_found(string file, string tensor, string row)
    {
        using var model = Model();
        var folder = Golden(model);
        Rewrite(Path.Combine(folder, file), tensors => tensors[tensor].view(-1)[0].add_(0.01));
        var report = GoldenFolder.Compare(model, folder);
        Assert.Equal([row], report.Failures.Select(f => f.Name));
        Assert.False(report.Passed);
    }

    [Fact]
    public void A_wrong_token_a_wrong_size_and_an_unknown_name_are_found()
    {
        using var model = Model();
        var folder = Golden(model);
        Edit(Path.Combine(folder, "generation.json"), "\"continuation_ids\":[", "\"continuation_ids\":[7,");
        Assert.Equal(["generation.prompts.0"], GoldenFolder.Compare(model, folder).Failures.Select(f => f.Name));
        folder = Golden(model);
        Edit(Path.Combine(folder, "activations.json"), "\"hook_embed\":[[1,4,", "\"hook_embed\":[[4,1,");
        Assert.Equal(["sizes.unprocessed"], GoldenFolder.Compare(model, folder).Failures.Select(f => f.Name));
        folder = Golden(model);
        Rewrite(Path.Combine(folder, "prompts.safetensors"), tensors => tensors["logits_first.clean.bos"] = torch.ones(1));
        Assert.Equal(["logits_first.clean.bos"], GoldenFolder.Compare(model, folder).Unknown);
    }

    [Fact]
    public void A_damaged_or_empty_folder_is_refused_with_the_reason()
    {
        using var model = Model();
        Assert.Contains("holds no golden values", Refusal(Fixture.EmptyFolder()), StringComparison.Ordinal);
        var folder = Golden(model);
        File.WriteAllText(Path.Combine(folder, "manifest.json"), $$"""{ "files": { "generation.json": { "sha256": "{{Convert.ToHexStringLower(SHA256.HashData("other"u8))}}" } } }""");
        Assert.Contains("generation.json: its SHA-256 is not the one", Refusal(folder), StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(folder, "manifest.json"), "{");
        Assert.Contains("manifest.json: it is no JSON document", Refusal(folder), StringComparison.Ordinal);
        folder = Golden(model);
        Edit(Path.Combine(folder, "generation.json"), "\"ids\"", "\"idz\"");
        Assert.Contains("generation.json: prompts[0] has no 'ids'", Refusal(folder), StringComparison.Ordinal);
        folder = Golden(model);
        File.Delete(Path.Combine(folder, "prompts.safetensors"));
        Assert.Contains("activations without prompts.safetensors", Refusal(folder), StringComparison.Ordinal);

        string Refusal(string place) => Assert.Throws<InvalidCheckpointException>(() => GoldenFolder.Compare(model, place)).Message;
    }

    private static HookedTransformer Model() => HookedTransformer.FromPretrained(Fixture.Folder("families/llama"), Processing.None);

    /// <summary>Writes a folder as the reference would, with the model's own numbers.</summary>
    private static string Golden(HookedTransformer model)
    {
        var folder = Fixture.EmptyFolder();
        using var scope = torch.NewDisposeScope();
        using var run = model.RunWithCache(Ids);
        var layers = Enumerable.Range(0, model.Config.NLayers).ToList();
        var names = run.Cache.Names.Where(n => run.Cache[n].numel() >= 8).ToList();
        var flat = names.ToDictionary(n => n, n => run.Cache[n].reshape(-1).to(torch.float64) is var f ? torch.where(f.isinf(), torch.zeros_like(f), f) : f);
        SafetensorsWriter.Write(Path.Combine(folder, "prompts.safetensors"), new Dictionary<string, torch.Tensor>
        {
            ["tokens.clean.bos"] = torch.tensor(Ids.Select(i => (long)i).ToArray()),
            ["logits_last.clean.bos"] = run.Logits[0, -1],
        });
        SafetensorsWriter.Write(Path.Combine(folder, "activations.safetensors"), new Dictionary<string, torch.Tensor>
        {
            ["edges.unprocessed"] = torch.stack([.. names.Select(n => torch.cat([flat[n].narrow(0, 0, 8), flat[n].narrow(0, flat[n].numel() - 8, 8)]))]),
            ["resid_post"] = torch.stack([.. layers.Select(i => run.Cache["resid_post", i][0])]),
            ["pattern"] = torch.stack([.. layers.Select(i => run.Cache["pattern", i][0])]),
            ["z_last"] = torch.stack([.. layers.Select(i => run.Cache["z", i][0, -1])]),
        });
        File.WriteAllText(Path.Combine(folder, "activations.json"), JsonSerializer.Serialize(new
        {
            order = names,
            unprocessed = names.ToDictionary(n => n, n => new object[] { run.Cache[n].shape, flat[n].sum().item<double>(), flat[n].abs().mean().item<double>() }),
        }));
        var next = model.Generate(Ids, new() { MaxNewTokens = 6, StopAtEos = false }).NewIds[0];
        File.WriteAllText(Path.Combine(folder, "generation.json"), JsonSerializer.Serialize(new { prompts = new[] { new { ids = Ids, continuation_ids = next, continuation = "" } } }));
        return folder;
    }

    private static void Rewrite(string path, Action<Dictionary<string, torch.Tensor>> change)
    {
        using var scope = torch.NewDisposeScope();
        Dictionary<string, torch.Tensor> tensors;
        using (var file = Checkpoint.Open(path))
        {
            tensors = file.Tensors.Keys.ToDictionary(n => n, file.Read);
        }

        change(tensors);
        SafetensorsWriter.Write(path, tensors);
    }

    private static void Edit(string path, string from, string to)
    {
        var text = File.ReadAllText(path);
        Assert.Contains(from, text, StringComparison.Ordinal);
        File.WriteAllText(path, text.Replace(from, to, StringComparison.Ordinal));
    }
}
