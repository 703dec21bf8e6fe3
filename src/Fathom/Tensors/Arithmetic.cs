namespace Fathom.Tensors;

/// <summary>Arithmetic that survives a garbage collection in the middle of it. Fathom's own code uses it instead of the operators.</summary>
/// <remarks>
/// In <c>x + 1.0</c>, <c>a + b</c>, <c>x.square()</c>, <c>x.pow(2)</c>, <c>x.masked_fill(m, 0)</c> or <c>torch.arange(n)</c> TorchSharp makes temporary
/// <see cref="Scalar"/> objects, passes their native handles on, and no longer refers to them: under many threads the collector may
/// free one while the native call still reads it ("Unknown scalar type", or a wrong number). Here every scalar outlives its call:
/// the common ones live as long as the process, the others until the call returns. The results are the same bits.
/// </remarks>
internal static class Arithmetic
{
    private static readonly Scalar One = 1L.ToScalar();
    private static readonly Scalar Zero = 0L.ToScalar();
    private static readonly Scalar Two = 2L.ToScalar();

    extension(Tensor x)
    {
        /// <summary><c>x + y</c>.</summary>
        internal Tensor Plus(Tensor y) => x.add(y, One);

        /// <summary><c>x + y</c>.</summary>
        internal Tensor Plus(double y)
        {
            using var scalar = y.ToScalar();
            return x.add(scalar, One);
        }

        /// <summary><c>x - y</c>.</summary>
        internal Tensor Minus(Tensor y) => x.sub(y);

        /// <summary><c>x - y</c>.</summary>
        internal Tensor Minus(double y)
        {
            using var scalar = y.ToScalar();
            return x.sub(scalar);
        }

        /// <summary><c>x * y</c>, elementwise.</summary>
        internal Tensor Times(Tensor y) => x.mul(y);

        /// <summary><c>x * y</c>.</summary>
        internal Tensor Times(double y)
        {
            using var scalar = y.ToScalar();
            return x.mul(scalar);
        }

        /// <summary><c>x / y</c>, elementwise.</summary>
        internal Tensor Over(Tensor y) => x.div(y);

        /// <summary><c>x / y</c>.</summary>
        internal Tensor Over(double y)
        {
            using var scalar = y.ToScalar();
            return x.div(scalar);
        }

        /// <summary><c>x²</c>.</summary>
        internal Tensor Squared() => x.pow(Two);

        /// <summary><c>x</c> to the power <paramref name="exponent"/>.</summary>
        internal Tensor ToThePower(double exponent)
        {
            using var scalar = exponent.ToScalar();
            return x.pow(scalar);
        }

        /// <summary><c>max(x, floor)</c>.</summary>
        internal Tensor AtLeast(double floor)
        {
            using var scalar = floor.ToScalar();
            return x.clamp_min(scalar);
        }

        /// <summary>A copy of <c>x</c> with <paramref name="value"/> where <paramref name="mask"/> is true.</summary>
        internal Tensor FilledWhere(Tensor mask, double value)
        {
            using var scalar = value.ToScalar();
            return x.masked_fill(mask, scalar);
        }

        /// <summary>Writes <paramref name="value"/> into <c>x</c> where <paramref name="mask"/> is true. Do not dispose what it returns: it is <c>x</c>.</summary>
        internal Tensor FillInPlace(Tensor mask, double value)
        {
            using var scalar = value.ToScalar();
            return x.masked_fill_(mask, scalar);
        }

        /// <summary>Where <c>x</c> equals <paramref name="value"/>, as booleans.</summary>
        internal Tensor Is(double value)
        {
            using var scalar = value.ToScalar();
            return x.eq(scalar);
        }

        /// <summary>Where <c>x</c> is greater than <paramref name="value"/>, as booleans.</summary>
        internal Tensor IsAbove(double value)
        {
            using var scalar = value.ToScalar();
            return x.gt(scalar);
        }

        /// <summary>Adds <paramref name="y"/> to <c>x</c> in place. Do not dispose what it returns: it is <c>x</c>.</summary>
        internal Tensor AddInPlace(Tensor y) => x.add_(y, One);

        /// <summary>Adds each row of <paramref name="y"/> to the row of <c>x</c> that <paramref name="rows"/> names, in place and in order. Do not dispose what it returns: it is <c>x</c>.</summary>
        internal Tensor AddRowsInPlace(Tensor rows, Tensor y) => x.index_add_(0, rows, y, One);
    }

    /// <summary><c>0, 1, ... count - 1</c> as int64, <c>[count]</c>.</summary>
    internal static Tensor Range(long count, torch.Device? device = null)
    {
        using var stop = count.ToScalar();
        return torch.arange(Zero, stop, One, torch.int64, device);
    }

    /// <summary>A tensor of <paramref name="shape"/> filled with <paramref name="value"/>.</summary>
    internal static Tensor Full(long[] shape, double value, torch.ScalarType dtype, torch.Device? device = null)
    {
        using var scalar = value.ToScalar();
        return torch.full(shape, scalar, dtype, device);
    }
}
