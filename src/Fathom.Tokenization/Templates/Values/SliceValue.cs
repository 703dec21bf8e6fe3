using System.Numerics;
using Fathom.Tokenization.Templates.Execution;

namespace Fathom.Tokenization.Templates.Values;

/// <summary>The <c>start:stop:step</c> inside brackets; a missing part is null.</summary>
internal sealed class SliceValue(object? start, object? stop, object? step)
{
    /// <summary>The places of a sequence of <paramref name="length"/> items that the slice takes, in order.</summary>
    public (int Start, int Step, int Count) Resolve(Rendering run, int length)
    {
        var by = step is null ? BigInteger.One : Index(run, step);
        if (by.IsZero)
        {
            throw run.ValueError("slice step cannot be zero");
        }
        var forward = by.Sign > 0;
        var (low, high) = forward ? (0, length) : (-1, length - 1);
        var first = start is null ? (forward ? low : high) : Clamp(Index(run, start), length, low, high);
        var last = stop is null ? (forward ? high : low) : Clamp(Index(run, stop), length, low, high);
        var span = forward ? last - first : first - last;
        var stride = (int)BigInteger.Min(BigInteger.Abs(by), int.MaxValue);
        return (first, forward ? stride : -stride, span <= 0 ? 0 : ((span - 1) / stride) + 1);
    }

    private static int Clamp(BigInteger index, int length, int low, int high)
    {
        if (index.Sign < 0)
        {
            index += length;
        }
        return (int)BigInteger.Max(low, BigInteger.Min(high, index));
    }

    private static BigInteger Index(Rendering run, object? value) => Numbers.TryInteger(value, out var number)
        ? number
        : throw run.TypeError("slice indices must be integers or None or have an __index__ method");
}
