using System.Numerics;

namespace Fathom.Tokenization.Templates.Values;

/// <summary>An arithmetic progression of whole numbers, at most <see cref="LongestRange"/> of them.</summary>
internal sealed class RangeValue(BigInteger start, BigInteger stop, BigInteger step)
{
    /// <summary>The sandbox of the reference refuses longer ranges.</summary>
    public const int LongestRange = 100_000;

    /// <summary>First number.</summary>
    public BigInteger Start => start;

    /// <summary>The end, itself not included.</summary>
    public BigInteger Stop => stop;

    /// <summary>The difference of neighbours.</summary>
    public BigInteger Step => step;

    /// <summary>How many numbers, before any limit.</summary>
    public BigInteger Length
    {
        get
        {
            var span = step.Sign > 0 ? stop - start : start - stop;
            return span.Sign <= 0 ? 0 : ((span - 1) / BigInteger.Abs(step)) + 1;
        }
    }

    /// <summary>The number at a place.</summary>
    public BigInteger this[int index] => start + (index * step);
}
