using System.Text.Json;
using Fathom.Hooks;
using Fathom.Loading;
using Fathom.Loading.Checkpoints;
using Fathom.Models;
using Fathom.Tests.Fixtures;
using Fathom.Verification;

namespace Fathom.Tests.Conformance;

/// <summary>Names, order and values of the HookedEncoder of TransformerLens 3.9.0, with padding and token types.</summary>
public sealed class EncoderTransformerLensTests
{
    private static string Folder => Fixture.Folder("transformerlens/bert");

    [Fact]
    public void Names_and_order_are_those_of_TransformerLens()
    {
        using var scope = torch.NewDisposeScope();
        using var model = HookedEncoder.FromPretrained(Folder);
        using var manifest = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, "manifest.json")));
        List<string> fired = [];
        model.Forward(torch.tensor(new long[,] { { 1, 5, 9 } }), new() { Hooks = [(NameFilter.All, (_, point) =>
        {
            fired.Add(point.Name);
            return null;
        })] });
        Assert.Equal(manifest.RootElement.GetProperty("points (name, shape), in firing order").EnumerateArray().Select(p => p.GetString()!.Split(' ')[0]), fired);
        Assert.Empty(manifest.RootElement.GetProperty("exist_but_never_fire").EnumerateArray().Select(n => n.GetString()!).Except(model.HookPoints.Select(p => p.Name)));
    }

    [Fact]
    public void Values_at_real_tokens_are_those_of_TransformerLens()
    {
        using var scope = torch.NewDisposeScope();
        using var model = HookedEncoder.FromPretrained(Folder);
        using var golden = Checkpoint.Open(Path.Combine(Folder, "unprocessed.safetensors"));
        var mask = golden.Read("attention_mask");
        var padding = mask.to(torch.@bool).logical_not();
        Assert.True(padding.any().item<bool>(), "the fixture pads nothing");
        Recorded run = new(model, golden.Read("input_ids"), new() { AttentionMask = mask, TokenTypes = golden.Read("token_type_ids") });
        var names = golden.Tensors.Keys.Where(n => n.Contains("hook_", StringComparison.Ordinal) || n == "logits").ToList();
        Assert.True(names.Count > 30, $"only {names.Count} tensors are compared");
        foreach (var name in names)
        {
            var (want, got) = (golden.Read(name), name == "logits" ? run.Logits : run[name]);
            var perQuery = name.Contains("hook_attn_scores", StringComparison.Ordinal) || name.Contains("hook_pattern", StringComparison.Ordinal);
            long[] view = perQuery ? [padding.shape[0], 1, padding.shape[1], 1] : [.. padding.shape, .. Enumerable.Repeat(1L, (int)want.dim() - 2)];
            var hidden = padding.view(view);
            var keys = name.Contains("hook_attn_scores", StringComparison.Ordinal) ? hidden.logical_or(padding.view(padding.shape[0], 1, 1, padding.shape[1])) : hidden;
            var difference = Recorded.Distance(want.masked_fill(keys, 0), got.masked_fill(keys, 0));
            var largest = want.masked_fill(keys, 0).abs().max().item<float>();
            Assert.True(difference <= Math.Min(1e-4, 2e-5 * Math.Max(1, largest)), $"{name} differs by {difference:G3}");
        }
    }

    [Fact]
    public void Whether_two_texts_follow_each_other_is_what_TransformerLens_says()
    {
        using var scope = torch.NewDisposeScope();
        using var model = HookedEncoder.FromPretrained(Folder);
        using var golden = Checkpoint.Open(Path.Combine(Folder, "unprocessed.safetensors"));
        RunOptions run = new() { AttentionMask = golden.Read("attention_mask"), TokenTypes = golden.Read("token_type_ids") };
        Tensor? pooled = null;
        var logits = model.NextSentence(golden.Read("input_ids"), run with { Hooks = [("pooler.hook_pooler_out", (x, _) =>
        {
            pooled = x.clone().DetachFromDisposeScope();
            return null;
        })] });
        Assert.True(Recorded.Distance(golden.Read("nsp_logits"), logits) <= 2e-5);
        Assert.Equal([2, model.Config.DModel], pooled!.shape);
        pooled.Dispose();
    }

    [Fact]
    public void A_dump_of_the_reference_is_understood_to_the_last_name()
    {
        using var scope = torch.NewDisposeScope();
        using var model = HookedEncoder.FromPretrained(Folder);
        using var golden = Checkpoint.Open(Path.Combine(Folder, "unprocessed.safetensors"));
        var report = ModelVerification.Compare(model, golden);
        Assert.True(report.Passed, $"{report}");
        Assert.Contains(report.Tensors, t => t.Name == "nsp_logits");
    }

    [Fact]
    public void A_file_without_the_head_says_so_when_two_texts_are_compared()
    {
        using var model = HookedEncoder.FromPretrained(Fixture.Folder("families/bert"));
        Assert.Contains("leaves out the pooler", Assert.Throws<InvalidOperationException>(() => model.NextSentence(new long[] { 1, 2, 3 })).Message, StringComparison.Ordinal);
        using var other = HookedEncoder.FromPretrained(Fixture.Folder("families/roberta"));
        Assert.Contains("trained without one", Assert.Throws<InvalidOperationException>(() => other.NextSentence(new long[] { 1, 2, 3 })).Message, StringComparison.Ordinal);
    }
}
