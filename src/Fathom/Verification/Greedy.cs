using Fathom.Models;
using Fathom.Tensors;

namespace Fathom.Verification;

/// <summary>The most likely next token, again and again, with nothing added that generation has but the tokens an encoder-decoder is forced to write.</summary>
internal static class Greedy
{
    /// <summary>On a cache: each step runs its own token only.</summary>
    /// <param name="model">The model.</param>
    /// <param name="prompt">Token ids, <c>[1, pos]</c>.</param>
    /// <param name="steps">The number of new tokens.</param>
    /// <param name="never">Ids that are not among the choices.</param>
    /// <returns>The new ids, <c>[steps]</c>.</returns>
    public static Tensor Cached(HookedTransformer model, Tensor prompt, int steps, IReadOnlyList<int>? never = null)
    {
        using KeyValueCache cache = new();
        var next = prompt;
        List<Tensor> made = [];
        for (var step = 0; step < steps; step++)
        {
            next = Last(Without(model.Forward(next, new() { Cache = cache }), never ?? []));
            made.Add(next);
        }

        return torch.cat(made, 1).view(-1);
    }

    /// <summary>Without a cache: each step runs everything.</summary>
    /// <param name="model">The model.</param>
    /// <param name="prompt">Token ids, <c>[1, pos]</c>.</param>
    /// <param name="steps">The number of new tokens.</param>
    /// <returns>The new ids, <c>[steps]</c>.</returns>
    public static Tensor Uncached(HookedTransformer model, Tensor prompt, int steps)
    {
        var ids = prompt;
        for (var step = 0; step < steps; step++)
        {
            ids = torch.cat([ids, Last(model.Forward(ids))], 1);
        }

        return ids.narrow(1, prompt.shape[1], steps).reshape(-1);
    }

    /// <summary>An encoder-decoder's answer after its start token.</summary>
    /// <param name="model">The model.</param>
    /// <param name="input">The encoder's ids, <c>[1, pos]</c>.</param>
    /// <param name="steps">The number of new tokens.</param>
    /// <param name="cached">Whether each step runs its own token only.</param>
    /// <returns>The new ids, <c>[steps]</c>.</returns>
    public static Tensor Answer(HookedEncoderDecoder model, Tensor input, int steps, bool cached)
    {
        using KeyValueCache cache = new();
        var ids = EncoderInput.DecoderIds(model, input, RunOptions.Default);
        for (var step = 0; step < steps; step++)
        {
            var run = cached ? ids.narrow(1, step, 1) : ids;
            var next = Last(model.Forward(input, new() { DecoderTokens = run, Cache = cached ? cache : null }));
            ids = torch.cat([ids, EncoderInput.Forced(model, 1, step, steps) is { } forced ? Arithmetic.Full([1, 1], forced, torch.int64) : next], 1);
        }

        return ids.narrow(1, 1, steps).reshape(-1);
    }

    private static Tensor Without(Tensor logits, IReadOnlyList<int> never)
    {
        if (never.Count == 0)
        {
            return logits;
        }

        using var lowest = double.NegativeInfinity.ToScalar();
        var left = logits.narrow(1, logits.shape[1] - 1, 1).clone();
        foreach (var id in never)
        {
            left.select(-1, id).fill_(lowest);
        }

        return left;
    }

    private static Tensor Last(Tensor logits) => logits.narrow(1, logits.shape[1] - 1, 1).argmax(-1);
}
