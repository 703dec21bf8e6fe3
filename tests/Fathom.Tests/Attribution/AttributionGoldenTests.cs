using System.Text.Json;
using Fathom.Activations;
using Fathom.Attribution;
using Fathom.Loading;
using Fathom.Loading.Checkpoints;
using Fathom.Models;
using Fathom.Tests.Fixtures;

namespace Fathom.Tests.Attribution;

/// <summary>Every decomposition of the reference, by its own list of calls.</summary>
public sealed class AttributionGoldenTests
{
    private static readonly long[][] Ids = [[1, 17, 42, 95, 17, 42, 8, 95, 17], [1, 64, 3, 77, 29, 110, 64, 3, 51]];

    [Theory]
    [InlineData("gpt2", 60)]
    [InlineData("llama-gqa", 30)]
    public void Every_decomposition_equals_the_reference(string name, int atLeast)
    {
        using var scope = torch.NewDisposeScope();
        using var model = HookedTransformer.FromPretrained(Fixture.Folder($"patching/{name}"));
        using var golden = Checkpoint.Open(Path.Combine(Fixture.Folder($"attribution/{name}"), "decompositions.safetensors"));
        using var list = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Fixture.Folder($"attribution/{name}"), "decompositions.json")));
        using var run = model.RunWithCache(torch.tensor(Ids.SelectMany(i => i).ToArray(), 2, 9));
        Calls calls = new(run.Cache, golden);
        Assert.True(Golden.Distance(golden.Read("logits"), run.Logits) < 1e-4);
        var compared = 0;
        foreach (var entry in list.RootElement.GetProperty("entries").EnumerateArray())
        {
            if (!entry.TryGetProperty("tensor", out var tensor) || calls.Of(entry) is not { } got)
            {
                continue;
            }

            var want = golden.Read(tensor.GetString()!);
            var largest = Math.Max(1, want.abs().max().item<float>());
            Assert.Equal(want.shape, got.Values.shape);
            Assert.True(Golden.Distance(want, got.Values) <= Math.Min(1e-4, 2e-5 * largest), $"{tensor}: {Golden.Distance(want, got.Values)}");
            if (entry.TryGetProperty("labels", out var labels) && got.Labels is { } own)
            {
                Assert.Equal(labels.EnumerateArray().Select(l => l.GetString()!), own);
            }

            compared++;
        }

        Assert.True(compared >= atLeast, $"only {compared} compared");
    }

    /// <summary>Repeats the reference's calls.</summary>
    private sealed class Calls(ActivationCache cache, Checkpoint golden)
    {
        public (Tensor Values, IReadOnlyList<string>? Labels)? Of(JsonElement entry)
        {
            var a = entry.GetProperty("arguments");
            bool Flag(string key) => a.TryGetProperty(key, out var v) && v.GetBoolean();
            int? Number(string key) => a.TryGetProperty(key, out var v) && v.ValueKind == JsonValueKind.Number ? v.GetInt32() : null;
            string? Text(string key) => a.TryGetProperty(key, out var v) && v.ValueKind == JsonValueKind.String ? v.GetString() : null;
            var positions = Slice(a, "pos_slice");
            var onto = Text("project_output_onto") is { } which ? golden.Read(which) : null;
            switch (entry.GetProperty("function").GetString()!)
            {
                case "ActivationCache.accumulated_resid":
                    return Rows(cache.AccumulatedResid(Number("layer"), Flag("incl_mid"), Flag("apply_ln"), positions, Flag("mlp_input")));
                case "ActivationCache.decompose_resid":
                    return Rows(cache.DecomposeResid(Number("layer"), Flag("mlp_input"), Text("mode") switch { "attn" => Sublayers.Attn, "mlp" => Sublayers.Mlp, _ => Sublayers.All }, Flag("apply_ln"), positions, !a.TryGetProperty("incl_embeds", out var embeds) || embeds.GetBoolean()));
                case "ActivationCache.stack_head_results":
                    return Rows(cache.StackHeadResults(Number("layer"), Flag("incl_remainder"), positions, Flag("apply_ln")));
                case "ActivationCache.stack_activation":
                    return (cache.StackActivation(Text("activation_name")!, Number("layer"), Text("sublayer_type")), null);
                case "ActivationCache.get_neuron_results":
                    return (cache.GetNeuronResults(Number("layer")!.Value, Slice(a, "neuron_slice"), positions, onto), null);
                case "ActivationCache.stack_neuron_results":
                    return Rows(cache.StackNeuronResults(Number("layer"), positions, Slice(a, "neuron_slice"), Flag("incl_remainder"), Flag("apply_ln"), onto));
                case "ActivationCache.get_full_resid_decomposition":
                    return Rows(cache.GetFullResidDecomposition(Number("layer"), Flag("mlp_input"), !a.TryGetProperty("expand_neurons", out var expand) || expand.GetBoolean(), Flag("apply_ln"), positions, onto));
                case "ActivationCache.apply_ln_to_stack":
                    return Rows(Cache(a).ApplyLnToStack(Stack(a, positions), Number("layer"), Flag("mlp_input"), Flag("recompute_ln")));
                case "ActivationCache.logit_attrs":
                    return Rows(Cache(a).LogitAttrs(Stack(a, positions), Tokens(a, "tokens")!, Tokens(a, "incorrect_tokens")));
                case "accumulated_resid(apply_ln, incl_mid=True) @ W_U + b_U":
                    return Rows(cache.LogitLens(inclMid: true));
                default:
                    return null;
            }
        }

        private static (Tensor, IReadOnlyList<string>?) Rows(ResidualRows stack) => (stack.Values, stack.Labels);

        private ActivationCache Cache(JsonElement a) => a.TryGetProperty("batch_slice", out _) ? cache.SliceBatch(1..2) : cache;

        private ResidualRows Stack(JsonElement a, Slice positions)
        {
            var stack = golden.Read("stack");
            stack = a.TryGetProperty("batch_slice", out _) ? stack.narrow(1, 1, 1) : stack;
            return new(positions.Apply(stack, 2), [.. Enumerable.Range(0, (int)stack.shape[0]).Select(i => $"row {i}")], positions);
        }

        private static Tensor? Tokens(JsonElement a, string key) => !a.TryGetProperty(key, out var value) ? null
            : value.ValueKind == JsonValueKind.Number ? torch.tensor(value.GetInt64())
            : value[0].ValueKind == JsonValueKind.Number ? torch.tensor(value.EnumerateArray().Select(v => v.GetInt64()).ToArray())
            : torch.tensor(value.EnumerateArray().SelectMany(r => r.EnumerateArray().Select(v => v.GetInt64())).ToArray(), value.GetArrayLength(), value[0].GetArrayLength());

        private static Slice Slice(JsonElement a, string key)
        {
            if (!a.TryGetProperty(key, out var value))
            {
                return default;
            }

            if (value.ValueKind == JsonValueKind.Number)
            {
                return value.GetInt32();
            }

            if (value.ValueKind == JsonValueKind.Array)
            {
                return value.EnumerateArray().Select(v => v.GetInt32()).ToArray();
            }

            var bounds = value.GetProperty("slice").EnumerateArray().Select(v => v.GetInt32()).ToArray();
            return bounds.Length == 2 ? bounds[0]..bounds[1] : Enumerable.Range(0, 99).Select(i => bounds[0] + (i * bounds[2])).TakeWhile(i => i < bounds[1]).ToArray();
        }
    }
}
