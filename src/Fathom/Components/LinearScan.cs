using Fathom.Tensors;

namespace Fathom.Components;

/// <summary>The elementwise recurrence <c>h_t = a_t ⊙ h_{t-1} + b_t</c>. Decays are only ever multiplied, never divided by or subtracted as logarithms, so that every form is as exact as the step-by-step one.</summary>
internal static class LinearScan
{
    /// <summary>From this many numbers per step on, a step's arithmetic costs more than its calls.</summary>
    private const long WideStep = 8192;

    /// <summary>Up to this many steps there is nothing to gain from running several at once.</summary>
    private const long FewSteps = 16;

    /// <summary>Computes all states.</summary>
    /// <param name="decay"><c>a</c>, <c>[batch, pos, ...]</c>.</param>
    /// <param name="input"><c>b</c>, of the same shape.</param>
    /// <param name="start">The state before the first step, <c>[batch, ...]</c>; <see langword="null"/> for zeros.</param>
    /// <returns><c>h</c>, <c>[batch, pos, ...]</c>.</returns>
    public static Tensor Run(Tensor decay, Tensor input, Tensor? start)
    {
        var shape = input.shape;
        var length = shape[1];
        if (length <= FewSteps || input.numel() / length >= WideStep)
        {
            return Steps(decay, input, start);
        }

        var size = (long)Math.Sqrt(length);
        var count = length / size;
        var main = Chunks(decay.narrow(1, 0, size * count), input.narrow(1, 0, size * count), start, count, size);
        var rest = length - (size * count);
        return rest == 0 ? main : torch.cat([main, Steps(decay.narrow(1, size * count, rest), input.narrow(1, size * count, rest), main.select(1, (size * count) - 1))], 1);
    }

    private static Tensor Steps(Tensor decay, Tensor input, Tensor? start)
    {
        var (a, b) = (decay.unbind(1), input.unbind(1));
        var states = new Tensor[b.Length];
        for (var t = 0; t < b.Length; t++)
        {
            var before = t == 0 ? start : states[t - 1];
            states[t] = before is null ? b[t] : a[t].Times(before).Plus(b[t]);
        }

        return torch.stack(states, 1);
    }

    /// <summary>Runs equal stretches side by side from zero, then carries each one's end into the next.</summary>
    private static Tensor Chunks(Tensor decay, Tensor input, Tensor? start, long count, long size)
    {
        var shape = input.shape;
        long[] chunked = [shape[0], count, size, .. shape[2..]];
        var (a, b) = (decay.reshape(chunked).unbind(2), input.reshape(chunked).unbind(2));
        var (states, products) = (new Tensor[size], new Tensor[size]);
        for (var t = 0; t < size; t++)
        {
            states[t] = t == 0 ? b[0] : a[t].Times(states[t - 1]).Plus(b[t]);
            products[t] = t == 0 ? a[0] : a[t].Times(products[t - 1]);
        }

        var (ends, whole) = (states[^1].unbind(1), products[^1].unbind(1));
        var carried = new Tensor[count];
        carried[0] = start ?? torch.zeros_like(ends[0]);
        for (var c = 1; c < count; c++)
        {
            carried[c] = whole[c - 1].Times(carried[c - 1]).Plus(ends[c - 1]);
        }

        return torch.stack(states, 2).Plus(torch.stack(products, 2).Times(torch.stack(carried, 1).unsqueeze(2))).view(shape);
    }
}
