using System.Text.Json;
using Fathom.Activations;
using Fathom.Loading;
using Fathom.Loading.Checkpoints;
using Fathom.Models;

namespace Fathom.Tests.Loading;

/// <summary>SmolLM2-135M from its GGUF file against golden values of the reference: FATHOM_SMOLLM2 names the folder, which is too large to be a fixture.</summary>
public sealed class RealModelTests
{
    private const int EndOfText = 2;

    private static readonly string? Folder = Environment.GetEnvironmentVariable("FATHOM_SMOLLM2");

    [Fact]
    public void Continues_every_prompt_and_chat_with_the_golden_tokens()
    {
        Assert.SkipWhen(Folder is null, "set FATHOM_SMOLLM2 to a folder with SmolLM2-135M's model.gguf and golden/generation.json to check the real file");
        using var facts = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, "golden/generation.json")));
        using var model = HookedTransformer.FromPretrained(Path.Combine(Folder, "model.gguf"), Processing.None);
        foreach (var run in facts.RootElement.GetProperty("prompts").EnumerateArray().Concat(facts.RootElement.GetProperty("chats").EnumerateArray()))
        {
            var (ids, expected) = (Numbers(run, "ids"), Numbers(run, "continuation_ids"));
            var made = model.Generate(ids, new() { MaxNewTokens = expected.Length, StopAtEos = false });
            var same = made.NewIds[0].Zip(expected).TakeWhile(pair => pair.First == pair.Second).Count();
            if (same < expected.Length)
            {
                // The reference was forbidden to end some texts: from where <|im_end|> is the best token, its second best goes on.
                Assert.Equal(EndOfText, made.NewIds[0][same]);
                Assert.DoesNotContain(EndOfText, expected);
                Assert.Equal(expected, BestWithoutEnd(model, ids, expected));
            }
        }
    }

    [Theory]
    [InlineData("unprocessed")]
    [InlineData("processed")]
    public void Every_activation_has_the_golden_values(string processing)
    {
        Assert.SkipWhen(Folder is null, "set FATHOM_SMOLLM2 to a folder with SmolLM2-135M's model.gguf and golden/activations.json to check the real file");
        using var facts = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, "golden/activations.json")));
        using var golden = Checkpoint.Open(Path.Combine(Folder, "golden/activations.safetensors"));
        using var prompts = Checkpoint.Open(Path.Combine(Folder, "golden/prompts.safetensors"));
        using var scope = torch.NewDisposeScope();
        using var model = HookedTransformer.FromPretrained(Path.Combine(Folder, "model.gguf"), processing == "processed" ? Processing.Default : Processing.None);
        var ids = prompts.Read("tokens.clean.bos");
        using var run = model.RunWithCache(ids.to(torch.int32).data<int>().ToArray());
        var (edges, row) = (golden.Read($"edges.{processing}"), 0);
        foreach (var name in facts.RootElement.GetProperty("order").EnumerateArray().Select(n => n.GetString()!))
        {
            var found = run.Cache[name];
            var stats = facts.RootElement.GetProperty(processing).GetProperty(name);
            Assert.Equal(stats[0].EnumerateArray().Select(s => s.GetInt64()), found.shape);
            var flat = found.reshape(-1).masked_fill(found.reshape(-1).isinf(), 0);
            Assert.True(Math.Abs(flat.to(torch.float64).abs().mean().item<double>() - stats[2].GetDouble()) <= 1e-4 * (stats[2].GetDouble() + 1e-3), $"{name}: mean magnitude {flat.abs().mean().item<float>()}, {stats[2].GetDouble()} expected");
            var count = Math.Min(8, flat.numel());
            var (ends, expected) = (torch.cat([flat.narrow(0, 0, count), flat.narrow(0, flat.numel() - count, count)]), edges[row++]);
            var difference = (ends - expected).abs().max().item<float>();
            Assert.True(difference <= 1e-3 * Math.Max(1, stats[2].GetDouble()), $"{name} differs by {difference}");
        }

        Assert.Equal(edges.shape[0], row);
    }

    /// <summary>The best token that is not the end, at every step of a text that is given.</summary>
    private static int[] BestWithoutEnd(HookedTransformer model, int[] prompt, int[] continuation)
    {
        using var scope = torch.NewDisposeScope();
        var logits = model.Run(prompt.Concat(continuation).ToArray())[0].narrow(0, prompt.Length - 1, continuation.Length);
        logits.select(1, EndOfText).fill_(float.NegativeInfinity);
        return [.. logits.argmax(1).data<long>().Select(i => (int)i)];
    }

    private static int[] Numbers(JsonElement run, string key) => [.. run.GetProperty(key).EnumerateArray().Select(i => i.GetInt32())];
}
