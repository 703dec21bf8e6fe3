using System.Globalization;
using Fathom.Hooks;
using Fathom.Loading.Checkpoints;
using Fathom.Models;
using Fathom.Tensors;

namespace Fathom.Verification;

/// <summary>Compares a model with a reference dump: logits, loss, every recorded activation, left-padded logits and greedy generation on a cache.</summary>
/// <remarks>
/// The dump is a safetensors file with <c>input_ids</c>, <c>attention_mask</c> if some tokens are padding, and any of <c>logits</c>, <c>loss</c>, <c>resid_pre.i</c>, <c>resid_mid.i</c>, <c>resid_post.i</c>, <c>resid_final</c>,
/// <c>attn_out.i</c> and <c>mlp_out.i</c> (before any norm or factor on them), <c>attentions.i</c>, <c>hidden_states.i</c>, <c>left_padded.*</c>, <c>generated</c>, and every hook point by its name. Values at padding are not compared.
/// A name that is not understood makes the verdict negative: nothing is skipped in silence. Compare weights as loaded (<see cref="Loading.Processing.None"/>), since processing moves some of these on purpose.
/// </remarks>
public static class ModelVerification
{
    /// <summary>Runs the model on the dump's inputs and compares everything the dump holds.</summary>
    /// <param name="model">The model.</param>
    /// <param name="reference">The dump.</param>
    /// <param name="tolerance">The largest absolute difference accepted, in the units of each tensor.</param>
    /// <returns>What was compared with what, and by how much it differs.</returns>
    public static VerificationReport Compare(HookedTransformer model, Checkpoint reference, double tolerance = 1e-4)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(reference);
        using var gradients = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var asked = reference.Tensors.Keys.Select(ActivationName.Expand).ToHashSet();
        ReferenceRun run = new(
            model,
            reference.Read("input_ids"),
            reference.Tensors.ContainsKey("attention_mask") ? reference.Read("attention_mask") : null,
            [.. model.HookPoints.Where(p => p.IsOptional && asked.Contains(p.Name)).Select(p => p.Name)]);
        List<VerifiedTensor> compared = [];
        List<string> unknown = [];
        foreach (var name in reference.Tensors.Keys)
        {
            using var inner = torch.NewDisposeScope();
            if (One(name, run, model, reference, tolerance) is { } result)
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

    private static VerifiedTensor? One(string name, ReferenceRun run, HookedTransformer model, Checkpoint reference, double tolerance)
    {
        var want = reference.Read(name);
        switch (name)
        {
            case "input_ids" or "attention_mask" or "left_padded.input_ids" or "left_padded.attention_mask":
                return new(name, "input", want.numel(), 0, 0);
            case "generated" or "generated_uncached":
                return Generated(name, want, model, reference);
            case "loss":
                return Values(name, want, Loss(run.Logits, reference.Read("input_ids"), run.Mask), "mean cross entropy of the next token, in nats", tolerance);
            case "logits":
                return Values(name, want, run.Logits, "logits", tolerance, run.Mask);
            case "left_padded.logits":
                var mask = reference.Read("left_padded.attention_mask");
                var padded = model.Forward(reference.Read("left_padded.input_ids"), new() { AttentionMask = mask });
                return Values(name, want, padded.Times(mask.unsqueeze(-1).to(padded.dtype)), "logits with left padding, real tokens only", tolerance);
            case "resid_final":
                var (stream, point) = run.Final();
                return Values(name, want, stream, point, tolerance, run.Mask);
        }

        if (model.HookPoints.FirstOrDefault(p => p.Name == ActivationName.Expand(name)) is { } hook)
        {
            return Values(name, want, run.At(hook.Name).Value, hook.Name, tolerance, run.Mask, PositionAxis(hook));
        }

        var dot = name.LastIndexOf('.');
        if (dot < 0 || !int.TryParse(name.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var layer))
        {
            return null;
        }

        var (value, from) = run.Activation(name[..dot], layer);
        return value is null ? null : Values(name, want, value, from, tolerance, run.Mask, name.StartsWith("attentions.", StringComparison.Ordinal) ? 2 : 1);
    }

    private static int PositionAxis(HookPoint point) => point.Axes.Names.Index().FirstOrDefault(axis => axis.Item is "pos" or "query_pos", (Index: 1, Item: "")).Index;

    private static VerifiedTensor? Values(string name, Tensor want, Tensor? got, string against, double tolerance, Tensor? mask = null, int positions = 1)
    {
        if (got is null)
        {
            return null;
        }

        if (!want.shape.AsSpan().SequenceEqual(got.shape))
        {
            return new(name, $"{against}, whose shape is [{string.Join(", ", got.shape)}], not [{string.Join(", ", want.shape)}]", want.numel(), double.NaN, tolerance);
        }

        // Equal infinities (masked scores) agree; padding is not compared.
        var same = want.to(torch.float64).eq(got.to(torch.float64));
        if (mask is not null)
        {
            var view = Enumerable.Repeat(1L, (int)want.dim()).ToArray();
            (view[0], view[positions]) = (mask.shape[0], mask.shape[1]);
            same = same.logical_or(mask.to(torch.@bool).logical_not().view(view));
        }

        var difference = want.to(torch.float64).Minus(got.to(torch.float64)).abs().FilledWhere(same, 0);
        return new(name, against, want.numel(), difference.max().item<double>(), tolerance);
    }

    private static Tensor Loss(Tensor logits, Tensor ids, Tensor? mask)
    {
        var length = ids.shape[1] - 1;
        var predicted = logits.narrow(1, 0, length).log_softmax(-1);
        var losses = predicted.gather(-1, ids.narrow(1, 1, length).unsqueeze(-1)).squeeze(-1).neg();
        if (mask is null)
        {
            return losses.mean();
        }

        // Only a real token can be predicted, and only from a real one.
        var counted = mask.narrow(1, 0, length).to(torch.@bool).logical_and(mask.narrow(1, 1, length).to(torch.@bool));
        return losses.FilledWhere(counted.logical_not(), 0).sum(dim: [0, 1]).Over(counted.to(losses.dtype).sum(dim: [0, 1]));
    }

    private static VerifiedTensor Generated(string name, Tensor want, HookedTransformer model, Checkpoint reference)
    {
        const int Prompt = 5;
        var prompt = reference.Read("input_ids").narrow(0, 0, 1).narrow(1, 0, Prompt);
        var steps = (int)want.shape[0];
        var ids = name == "generated" ? Greedy.Cached(model, prompt, steps) : Greedy.Uncached(model, prompt, steps);
        return new(name, $"greedy ids after {Prompt} tokens, {(name == "generated" ? "on a cache" : "each step a full run")}", steps, want.ne(ids).sum().to(torch.float64).item<double>(), 0);
    }
}
