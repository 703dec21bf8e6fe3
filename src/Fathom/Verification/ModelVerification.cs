using System.Globalization;
using Fathom.Configuration;
using Fathom.Hooks;
using Fathom.Loading.Checkpoints;
using Fathom.Models;
using Fathom.Tensors;

namespace Fathom.Verification;

/// <summary>Compares a model with a reference dump: logits, loss, every recorded activation, left-padded logits and greedy generation on a cache.</summary>
/// <remarks>
/// The dump is a safetensors file with <c>input_ids</c>, <c>attention_mask</c> if some tokens are padding, <c>token_type_ids</c> if there are types, and any of <c>logits</c> (or <c>hf_logits</c>), <c>loss</c>, <c>loss_per_token</c>, <c>resid_pre.i</c>, <c>resid_mid.i</c>, <c>resid_post.i</c>, <c>resid_final</c>,
/// <c>attn_out.i</c> and <c>mlp_out.i</c> (before any norm or factor on them), <c>attentions.i</c> or <c>pattern.i</c>, <c>q.i</c>, <c>k.i</c>, <c>v.i</c>, <c>z.i</c>, <c>ln_final</c>, <c>hidden_states.i</c>, <c>router_logits.i</c>, <c>router_weights.i</c> and <c>router_indices.i</c> (of the layers with experts, the chosen in any order), <c>generated</c>, <c>nsp_logits</c>, and every hook point by its name. Values at padding are not compared.
/// Several runs share a file by a prefix of their own: <c>left_padded.input_ids</c>, <c>left_padded.attention_mask</c>, <c>left_padded.logits</c>. A run without <c>token_type_ids</c> of its own has those of the run without a prefix. A run of one sequence may leave the batch axis out.
/// A name that is not understood makes the verdict negative: nothing is skipped in silence. Compare weights as loaded (<see cref="Loading.Processing.None"/>), since processing moves some of these on purpose.
/// </remarks>
public static class ModelVerification
{
    private const string Ids = "input_ids";
    private const string Mask = "attention_mask";
    private const string Types = "token_type_ids";

    /// <summary>Runs the model on the dump's inputs and compares everything the dump holds.</summary>
    /// <param name="model">The model.</param>
    /// <param name="reference">The dump.</param>
    /// <param name="tolerance">The largest absolute difference accepted, in the units of each tensor.</param>
    /// <returns>What was compared with what, and by how much it differs.</returns>
    public static VerificationReport Compare(StackedModel model, Checkpoint reference, double tolerance = 1e-4)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(reference);
        using var gradients = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        Dictionary<string, ReferenceRun> runs = [];
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
            if (prefix is not null && One(name, prefix, runs[prefix], model, reference, tolerance) is { } result)
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

    /// <summary>Runs an encoder-decoder on the dump's inputs and compares everything the dump holds.</summary>
    /// <remarks>The dump has <c>input_ids</c> and <c>decoder_input_ids</c>, <c>attention_mask</c> and <c>decoder_attention_mask</c> if some tokens are padding. Names that concern one stack begin with <c>encoder.</c> or <c>decoder.</c> (<c>encoder.resid_pre.0</c>,
    /// <c>decoder.cross_out.0</c>, <c>decoder.resid_final</c>) or with <c>encoder_</c>, <c>decoder_</c> or <c>cross_</c> (<c>encoder_attentions.0</c>, <c>cross_attentions.0</c>, <c>encoder_hidden_states.0</c>, <c>encoder_last_hidden_state</c>). <c>generated</c> starts from the model's start token on the first input; tokens that the config forces at the first and last place count.</remarks>
    /// <param name="model">The model.</param>
    /// <param name="reference">The dump.</param>
    /// <param name="tolerance">The largest absolute difference accepted, in the units of each tensor.</param>
    /// <returns>What was compared with what, and by how much it differs.</returns>
    public static VerificationReport Compare(HookedEncoderDecoder model, Checkpoint reference, double tolerance = 1e-4)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(reference);
        return EncoderDecoderVerification.Compare(model, reference, tolerance);
    }

    private static ReferenceRun RunOf(string prefix, StackedModel model, Checkpoint reference)
    {
        var asked = reference.Tensors.Keys.Where(n => n.StartsWith(prefix, StringComparison.Ordinal)).Select(n => ActivationName.Expand(n[prefix.Length..])).ToHashSet();
        Tensor? Given(string name) => reference.Tensors.ContainsKey(prefix + name) ? reference.Read(prefix + name) : null;
        return new(
            model,
            reference.Read($"{prefix}{Ids}"),
            Given(Mask),
            model.Config.TokenTypes is null ? null : Given(Types) ?? (reference.Tensors.ContainsKey(Types) ? reference.Read(Types) : null),
            [.. model.HookPoints.Where(p => p.IsOptional && asked.Contains(p.Name)).Select(p => p.Name)]);
    }

    private static VerifiedTensor? One(string fullName, string prefix, ReferenceRun run, StackedModel model, Checkpoint reference, double tolerance)
    {
        var want = reference.Read(fullName);
        var name = Ours(fullName[prefix.Length..], model);
        switch (name)
        {
            case Ids or Mask:
                return new(fullName, "input", want.numel(), 0, 0);
            case Types when model.Config.TokenTypes is not null:
                return new(fullName, "input", want.numel(), 0, 0);
            case "nsp_logits" or "hf_nsp_logits" when run.NextSentence is not null:
                return Values(fullName, run.Batched(want), run.NextSentence, "logits of the head for pairs", tolerance);
            case "generated" or "generated_uncached" when model is HookedTransformer decoder:
                return Generated(fullName, name, want, run, decoder);
            case "loss" when model is HookedTransformer:
                return Values(fullName, want, Loss(run.Logits, run.Ids, run.Mask), "mean cross entropy of the next token, in nats", tolerance);
            case "loss_per_token" when model is HookedTransformer:
                return Values(fullName, run.Batched(want), LossPerToken(run.Logits, run.Ids), "cross entropy of each next token, in nats", tolerance, run.Mask?.narrow(1, 1, want.shape[^1]));
            case "logits" or "hf_logits":
                var compared = Values(fullName, run.Batched(want), run.Logits, "logits", tolerance, run.Mask);
                // transformers counts padding in the positions that make queries grow, so that there padding changes logits; here it does not.
                return compared is { Passed: false } && run.LogitsCountingPadding() is { } counting
                    ? Values(fullName, run.Batched(want), counting, "logits, with positions that count padding", tolerance, run.Mask)
                    : compared;
            case "resid_final":
                var (stream, point) = run.Final();
                return Values(fullName, run.Batched(want), stream, point, tolerance, run.Mask);
            case "ln_final" when model.LnFinal is not null:
                var (normalized, end) = run.AfterFinalNorm();
                return Values(fullName, run.Batched(want), normalized, end, tolerance, run.Mask);
        }

        if (MixtureDump.Of(name, want, run, model, other => reference.Tensors.ContainsKey(prefix + other) ? reference.Read(prefix + other) : null) is var (theirs, ours, place))
        {
            return Values(fullName, theirs, ours, place, tolerance, run.Mask);
        }

        if (model.HookPoints.FirstOrDefault(p => p.Name == ActivationName.Expand(name)) is { } hook)
        {
            var axis = hook.Axes.Names.Index().FirstOrDefault(a => a.Item is "pos" or "query_pos", (Index: -1, Item: "")).Index;
            want = Bounded(want, hook, model);
            return Values(fullName, hook.Axes.Names[0] == "batch" ? run.Batched(want) : want, run.At(hook.Name).Value, hook.Name, tolerance, axis < 0 ? null : run.Mask, axis);
        }

        var dot = name.LastIndexOf('.');
        if (dot < 0 || !int.TryParse(name.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var layer))
        {
            return null;
        }

        var (value, from) = run.Activation(name[..dot], layer);
        var found = value is null ? null : Values(fullName, run.Batched(want), value, from, tolerance, run.Mask, name[..dot] is "attentions" or "pattern" ? 2 : 1);
        return found is { Passed: false } && run.OtherActivation(name[..dot], layer) is { Value: { } other, From: var meant }
            ? Values(fullName, run.Batched(want), other, meant, tolerance, run.Mask) is { Passed: true } agreed ? agreed : found
            : found;
    }

    /// <summary>Queries, keys and values as attention uses them: some dumps hold them before the bound that the family puts on them.</summary>
    private static Tensor Bounded(Tensor want, HookPoint point, StackedModel model)
    {
        if (point.Layer is not { } layer || point.ShortName is not ("attn.hook_q" or "attn.hook_k" or "attn.hook_v") || model.Blocks[layer].Attn?.Config.Clip is not { } bound)
        {
            return want;
        }

        using var low = (-bound).ToScalar();
        using var high = bound.ToScalar();
        return want.clamp(low, high);
    }

    /// <summary>The one norm of a parallel block, which other libraries hold twice.</summary>
    private static string Ours(string name, StackedModel model) =>
        name.Contains(".ln2.", StringComparison.Ordinal) && model.Blocks.FirstOrDefault(b => name.StartsWith($"{b.Path}.ln2.", StringComparison.Ordinal)) is { Ln2: null, Config.Layout: BlockLayout.Parallel }
            ? name.Replace(".ln2.", ".ln1.", StringComparison.Ordinal)
            : name;

    /// <summary>Compares values; padding and equal infinities agree.</summary>
    internal static VerifiedTensor? Values(string name, Tensor want, Tensor? got, string against, double tolerance, Tensor? mask = null, int positions = 1)
    {
        if (got is null)
        {
            return null;
        }

        if (mask is null && want.dim() < got.dim() && want.numel() == got.numel() && want.shape[^1] == got.shape[^1])
        {
            // Dumps may join the leading axes (rows of batch and position, or of heads too).
            got = got.reshape(want.shape);
        }

        if (!want.shape.AsSpan().SequenceEqual(got.shape))
        {
            return new(name, $"{against}, whose shape is [{string.Join(", ", got.shape)}], not [{string.Join(", ", want.shape)}]", want.numel(), double.NaN, tolerance);
        }

        // Equal infinities (masked scores) agree, and so does the lowest finite number, with which some mask; padding is not compared.
        var same = want.to(torch.float64).eq(got.to(torch.float64)).logical_or(want.to(torch.float64).IsAbove(float.MinValue).logical_not().logical_and(got.isneginf()));
        if (mask is not null)
        {
            var view = Enumerable.Repeat(1L, (int)want.dim()).ToArray();
            (view[0], view[positions]) = (mask.shape[0], mask.shape[1]);
            same = same.logical_or(mask.to(torch.@bool).logical_not().view(view));
        }

        var difference = want.to(torch.float64).Minus(got.to(torch.float64)).abs().FilledWhere(same, 0);
        return new(name, against, want.numel(), difference.max().item<double>(), tolerance);
    }

    /// <summary>The cross entropy of each next token, <c>[batch, pos - 1]</c>, in nats.</summary>
    internal static Tensor LossPerToken(Tensor logits, Tensor ids)
    {
        var length = ids.shape[1] - 1;
        return logits.narrow(1, 0, length).log_softmax(-1).gather(-1, ids.narrow(1, 1, length).unsqueeze(-1)).squeeze(-1).neg();
    }

    /// <summary>The mean cross entropy of each next token, in nats; only real tokens count.</summary>
    internal static Tensor Loss(Tensor logits, Tensor ids, Tensor? mask)
    {
        var length = ids.shape[1] - 1;
        var losses = LossPerToken(logits, ids);
        if (mask is null)
        {
            return losses.mean();
        }

        // Only a real token can be predicted, and only from a real one.
        var counted = mask.narrow(1, 0, length).to(torch.@bool).logical_and(mask.narrow(1, 1, length).to(torch.@bool));
        return losses.FilledWhere(counted.logical_not(), 0).sum(dim: [0, 1]).Over(counted.to(losses.dtype).sum(dim: [0, 1]));
    }

    private static VerifiedTensor Generated(string fullName, string name, Tensor want, ReferenceRun run, HookedTransformer model)
    {
        const int Prompt = 5;
        var prompt = run.Ids.narrow(0, 0, 1).narrow(1, 0, Prompt);
        var steps = (int)want.shape[0];
        var ids = name == "generated" ? Greedy.Cached(model, prompt, steps) : Greedy.Uncached(model, prompt, steps);
        return new(fullName, $"greedy ids after {Prompt} tokens, {(name == "generated" ? "on a cache" : "each step a full run")}", steps, want.ne(ids).sum().to(torch.float64).item<double>(), 0);
    }
}
