using Fathom.Hooks;
using Fathom.Loading.Checkpoints;
using Fathom.Models;
using Fathom.Tensors;

namespace Fathom.Verification;

/// <summary>Compares an encoder-decoder with a reference dump.</summary>
internal static class EncoderDecoderVerification
{
    private const string Ids = "input_ids";
    private const string Decoder = "decoder_input_ids";
    private const string Mask = "attention_mask";
    private const string DecoderMask = "decoder_attention_mask";

    /// <summary>Runs the model and compares everything the dump holds.</summary>
    public static VerificationReport Compare(HookedEncoderDecoder model, Checkpoint reference, double tolerance)
    {
        using var gradients = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        Dictionary<string, EncoderDecoderRun> runs = [];
        foreach (var ids in reference.Tensors.Keys.Where(n => n == Ids || n.EndsWith($".{Ids}", StringComparison.Ordinal)))
        {
            runs[ids[..^Ids.Length]] = RunOf(ids[..^Ids.Length], model, reference);
        }

        List<VerifiedTensor> compared = [];
        List<string> unknown = [];
        foreach (var name in reference.Tensors.Keys)
        {
            using var inner = torch.NewDisposeScope();
            var prefix = runs.Keys.Where(p => name.StartsWith(p, StringComparison.Ordinal)).MaxBy(p => p.Length);
            if (prefix is not null && One(name, name[prefix.Length..], runs[prefix], model, reference.Read(name), tolerance) is { } result)
            {
                compared.Add(result);
            }
            else
            {
                unknown.Add(name);
            }
        }

        return new(compared, unknown);
    }

    private static EncoderDecoderRun RunOf(string prefix, HookedEncoderDecoder model, Checkpoint reference)
    {
        var asked = reference.Tensors.Keys.Where(n => n.StartsWith(prefix, StringComparison.Ordinal)).Select(n => n[prefix.Length..]).ToHashSet();
        Tensor? Given(string name) => reference.Tensors.ContainsKey(prefix + name) ? reference.Read(prefix + name) : null;

        // A run without decoder tokens of its own has those of the run without a prefix; without any the decoder reads its start token.
        return new(
            model,
            reference.Read($"{prefix}{Ids}"),
            Given(Decoder) ?? (reference.Tensors.ContainsKey(Decoder) ? reference.Read(Decoder) : null),
            Given(Mask),
            Given(DecoderMask),
            [.. model.HookPoints.Where(p => p.IsOptional && asked.Contains(p.Name)).Select(p => p.Name)]);
    }

    private static VerifiedTensor? One(string fullName, string name, EncoderDecoderRun run, HookedEncoderDecoder model, Tensor want, double tolerance)
    {
        switch (name)
        {
            case Ids or Decoder or Mask or DecoderMask:
                return new(fullName, "input", want.numel(), 0, 0);
            case "generated" or "generated_uncached":
                var made = Greedy.Answer(model, run.Ids.narrow(0, 0, 1), (int)want.shape[0], cached: name == "generated");
                return new(fullName, $"greedy ids after the start token, {(name == "generated" ? "on a cache" : "each step a full run")}", want.shape[0], want.ne(made).sum().to(torch.float64).item<double>(), 0);
            case "loss":
                return ModelVerification.Values(fullName, want, ModelVerification.Loss(run.Logits, run.DecoderIds, run.DecoderMask), "mean cross entropy of the decoder's next token, in nats", tolerance);
            case "logits":
                return ModelVerification.Values(fullName, want, run.Logits, "logits", tolerance, run.DecoderMask);
        }

        if (model.HookPoints.FirstOrDefault(p => p.Name == name) is { } hook)
        {
            var isOfInput = model.IsEncoderPoint(hook) || hook.Axes.Names.Contains("source_pos");
            return ModelVerification.Values(fullName, want, run.At(name).Value, name, tolerance, isOfInput ? run.Mask : run.DecoderMask, PositionAxis(hook));
        }

        var (value, from, ofInput, positions) = run.Named(name);
        return value is null ? null : ModelVerification.Values(fullName, want, value, from, tolerance, ofInput ? run.Mask : run.DecoderMask, positions);
    }

    private static int PositionAxis(HookPoint point) => point.Axes.Names.Index().FirstOrDefault(axis => axis.Item is "pos" or "source_pos" or "query_pos", (Index: 1, Item: "")).Index;
}
