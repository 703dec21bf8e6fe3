using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Fathom.Tensors;

namespace Fathom.Components;

/// <summary>
/// Scores, softmax and mixing of window runs in one go, straight from packed rows to packed rows: a window run has many short segments, for which
/// separate products spend more time on copies and calls than on arithmetic.
/// </summary>
/// <remarks>Four queries at a time meet keys laid out by component, sixteen to a vector; nothing but the rows' own result is written to memory. fp32 on 512-bit vectors only.</remarks>
/// <param name="scale">The factor on <c>q·k</c>.</param>
/// <param name="window">The number of keys a query sees, itself included; <see langword="null"/> for all.</param>
internal sealed unsafe class PackedAttention(float scale, int? window)
{
    /// <summary>Queries that are multiplied together.</summary>
    private const int Rows = 4;

    /// <summary>Numbers in a vector.</summary>
    private const int Lanes = 16;

    /// <summary>Whether this processor has vectors wide enough.</summary>
    public static bool IsSupported => Vector512.IsHardwareAccelerated && BitConverter.IsLittleEndian;

    /// <summary>Whether the kernel serves: rows of a window run that nobody differentiates.</summary>
    public static bool Serves(Tensor q, Tensor? k, Tensor? v, Pass pass) =>
        IsSupported && k is not null && v is not null && pass.IsWindow
        && q.dtype == torch.ScalarType.Float32 && q.device_type == DeviceType.CPU && q.is_contiguous() && k.is_contiguous() && v.is_contiguous();

    /// <summary>Mixes values.</summary>
    /// <param name="q"><c>[rows, head, d_head]</c>.</param>
    /// <param name="k"><c>[rows, kv_head, d_head]</c>.</param>
    /// <param name="v"><c>[rows, kv_head, d_head_v]</c>.</param>
    /// <param name="layer">The block.</param>
    /// <param name="pass">The run.</param>
    /// <returns><c>[rows, head, d_head_v]</c>.</returns>
    public Tensor Mix(Tensor q, Tensor k, Tensor v, int layer, Pass pass)
    {
        var z = torch.empty([q.shape[0], q.shape[1], v.shape[2]], torch.float32);
        var kv = (int)k.shape[1];
        List<Work> work = [];
        foreach (var segment in pass.Segments)
        {
            var lent = ((SharedPrefix)segment.Prefix).Lent(layer);
            for (var head = 0; head < kv; head++)
            {
                work.Add(new(
                    (int)segment.FirstRow, (int)segment.Batch, (int)segment.Length, (int)segment.Offset, head,
                    lent is { Keys: { } keys } ? (nint)(NativeNumbers.Of(keys) + (head * keys.stride(0))) : 0,
                    lent is { Values: { } values } ? (nint)(NativeNumbers.Of(values) + (head * values.stride(0))) : 0));
            }
        }

        Shape shape = new((nint)NativeNumbers.Of(q), (nint)NativeNumbers.Of(k), (nint)NativeNumbers.Of(v), (nint)NativeNumbers.Of(z), (int)q.shape[1], kv, (int)q.shape[2], (int)v.shape[2]);
        Parallel.For(0, work.Count, new ParallelOptions { MaxDegreeOfParallelism = torch.get_num_threads() }, i => Run(work[i], shape));
        GC.KeepAlive((q, k, v));
        return z;
    }

    private void Run(Work work, Shape shape)
    {
        var (length, offset, width) = (work.Length, work.Offset, RoundedUp(work.Offset + work.Length));
        var group = shape.Heads / shape.KeyHeads;
        // Keys by component: [d_head, width]; then four rows of scores.
        var numbers = (nuint)((shape.DHead + Rows) * width);
        var byComponent = (float*)NativeMemory.AlignedAlloc(numbers * sizeof(float), 64);
        try
        {
            NativeMemory.Clear(byComponent, numbers * sizeof(float));
            var scores = byComponent + (shape.DHead * width);
            Turn((float*)work.SharedKeys, shape.DHead, offset, byComponent, shape.DHead, width);
            for (var b = 0; b < work.Batch; b++)
            {
                var first = work.FirstRow + (b * length);
                var (keyStride, valueStride) = (shape.KeyHeads * shape.DHead, shape.KeyHeads * shape.DHeadV);
                Turn((float*)shape.Keys + ((long)first * keyStride) + (work.Head * shape.DHead), keyStride, length, byComponent + offset, shape.DHead, width);
                var values = (float*)shape.Values + ((long)first * valueStride) + (work.Head * shape.DHeadV);
                for (var h = work.Head * group; h < (work.Head + 1) * group; h++)
                {
                    var (queryStride, zStride) = (shape.Heads * shape.DHead, shape.Heads * shape.DHeadV);
                    var queries = (float*)shape.Queries + ((long)first * queryStride) + (h * shape.DHead);
                    var z = (float*)shape.Z + ((long)first * zStride) + (h * shape.DHeadV);
                    for (var i = 0; i < length; i += Rows)
                    {
                        // Where fewer rows are left, the last one is computed again.
                        int Row(int r) => Math.Min(i + r, length - 1);
                        var end = RoundedUp(offset + Row(Rows - 1) + 1);
                        Score(queries + ((long)Row(0) * queryStride), queries + ((long)Row(1) * queryStride), queries + ((long)Row(2) * queryStride), queries + ((long)Row(3) * queryStride), shape.DHead, byComponent, width, end, scores);
                        for (var r = 0; r < Rows; r++)
                        {
                            Softmax(scores + (r * width), offset + Row(r), end);
                        }

                        Mix(scores, width, (float*)work.SharedValues, offset, values, valueStride, Row(Rows - 1) + 1, shape.DHeadV,
                            z + ((long)Row(0) * zStride), z + ((long)Row(1) * zStride), z + ((long)Row(2) * zStride), z + ((long)Row(3) * zStride));
                    }
                }
            }
        }
        finally
        {
            NativeMemory.AlignedFree(byComponent);
        }
    }

    private static int RoundedUp(int count) => (count + Lanes - 1) / Lanes * Lanes;

    /// <summary>Lays keys out by component.</summary>
    private static void Turn(float* keys, int stride, int count, float* byComponent, int components, int width)
    {
        for (var j = 0; j < count; j++)
        {
            var key = keys + ((long)j * stride);
            for (var c = 0; c < components; c++)
            {
                byComponent[(c * width) + j] = key[c];
            }
        }
    }

    /// <summary>Four rows of products with keys <c>0</c> to <paramref name="end"/>.</summary>
    private static void Score(float* q0, float* q1, float* q2, float* q3, int components, float* keys, int width, int end, float* scores)
    {
        var j = 0;
        for (; j + (2 * Lanes) <= end; j += 2 * Lanes)
        {
            Vector512<float> a0 = default, a1 = default, b0 = default, b1 = default, c0 = default, c1 = default, d0 = default, d1 = default;
            var at = keys + j;
            for (var c = 0; c < components; c++, at += width)
            {
                var (x, y) = (Vector512.Load(at), Vector512.Load(at + Lanes));
                var q = Vector512.Create(q0[c]);
                a0 = Vector512.FusedMultiplyAdd(q, x, a0);
                a1 = Vector512.FusedMultiplyAdd(q, y, a1);
                q = Vector512.Create(q1[c]);
                b0 = Vector512.FusedMultiplyAdd(q, x, b0);
                b1 = Vector512.FusedMultiplyAdd(q, y, b1);
                q = Vector512.Create(q2[c]);
                c0 = Vector512.FusedMultiplyAdd(q, x, c0);
                c1 = Vector512.FusedMultiplyAdd(q, y, c1);
                q = Vector512.Create(q3[c]);
                d0 = Vector512.FusedMultiplyAdd(q, x, d0);
                d1 = Vector512.FusedMultiplyAdd(q, y, d1);
            }

            a0.Store(scores + j);
            a1.Store(scores + j + Lanes);
            b0.Store(scores + width + j);
            b1.Store(scores + width + j + Lanes);
            c0.Store(scores + (2 * width) + j);
            c1.Store(scores + (2 * width) + j + Lanes);
            d0.Store(scores + (3 * width) + j);
            d1.Store(scores + (3 * width) + j + Lanes);
        }

        for (; j < end; j += Lanes)
        {
            Vector512<float> a = default, b = default, e = default, d = default;
            var at = keys + j;
            for (var c = 0; c < components; c++, at += width)
            {
                var x = Vector512.Load(at);
                a = Vector512.FusedMultiplyAdd(Vector512.Create(q0[c]), x, a);
                b = Vector512.FusedMultiplyAdd(Vector512.Create(q1[c]), x, b);
                e = Vector512.FusedMultiplyAdd(Vector512.Create(q2[c]), x, e);
                d = Vector512.FusedMultiplyAdd(Vector512.Create(q3[c]), x, d);
            }

            a.Store(scores + j);
            b.Store(scores + width + j);
            e.Store(scores + (2 * width) + j);
            d.Store(scores + (3 * width) + j);
        }
    }

    /// <summary>Scores to probabilities; zero where the query at <paramref name="position"/> sees no key.</summary>
    private void Softmax(float* scores, int position, int end)
    {
        var first = window is { } seen ? Math.Max(0, position + 1 - seen) : 0;
        for (var j = 0; j < first; j++)
        {
            scores[j] = float.NegativeInfinity;
        }

        for (var j = position + 1; j < end; j++)
        {
            scores[j] = float.NegativeInfinity;
        }

        var largest = Vector512.Create(float.NegativeInfinity);
        for (var j = 0; j < end; j += Lanes)
        {
            largest = Vector512.Max(largest, Vector512.Load(scores + j));
        }

        var top = float.NegativeInfinity;
        for (var lane = 0; lane < Lanes; lane++)
        {
            top = MathF.Max(top, largest[lane]);
        }

        var (factor, shift) = (Vector512.Create(scale), Vector512.Create(top));
        Vector512<float> sum = default;
        for (var j = 0; j < end; j += Lanes)
        {
            var e = Vector512.Exp((Vector512.Load(scores + j) - shift) * factor);
            sum += e;
            e.Store(scores + j);
        }

        var total = Vector512.Create(1 / Vector512.Sum(sum));
        for (var j = 0; j < end; j += Lanes)
        {
            (Vector512.Load(scores + j) * total).Store(scores + j);
        }
    }

    /// <summary>Four rows of values, weighted: those of the prefix, then the sequence's own.</summary>
    private static void Mix(float* weights, int width, float* shared, int offset, float* own, int stride, int count, int components, float* z0, float* z1, float* z2, float* z3)
    {
        var c = 0;
        for (; c + (2 * Lanes) <= components; c += 2 * Lanes)
        {
            Vector512<float> a0 = default, a1 = default, b0 = default, b1 = default, c0 = default, c1 = default, d0 = default, d1 = default;
            for (var j = 0; j < offset + count; j++)
            {
                var value = (j < offset ? shared + ((long)j * components) : own + ((long)(j - offset) * stride)) + c;
                var (x, y) = (Vector512.Load(value), Vector512.Load(value + Lanes));
                var w = Vector512.Create(weights[j]);
                a0 = Vector512.FusedMultiplyAdd(w, x, a0);
                a1 = Vector512.FusedMultiplyAdd(w, y, a1);
                w = Vector512.Create(weights[width + j]);
                b0 = Vector512.FusedMultiplyAdd(w, x, b0);
                b1 = Vector512.FusedMultiplyAdd(w, y, b1);
                w = Vector512.Create(weights[(2 * width) + j]);
                c0 = Vector512.FusedMultiplyAdd(w, x, c0);
                c1 = Vector512.FusedMultiplyAdd(w, y, c1);
                w = Vector512.Create(weights[(3 * width) + j]);
                d0 = Vector512.FusedMultiplyAdd(w, x, d0);
                d1 = Vector512.FusedMultiplyAdd(w, y, d1);
            }

            a0.Store(z0 + c);
            a1.Store(z0 + c + Lanes);
            b0.Store(z1 + c);
            b1.Store(z1 + c + Lanes);
            c0.Store(z2 + c);
            c1.Store(z2 + c + Lanes);
            d0.Store(z3 + c);
            d1.Store(z3 + c + Lanes);
        }

        for (; c < components; c++)
        {
            var (a, b, e, d) = (0f, 0f, 0f, 0f);
            for (var j = 0; j < offset + count; j++)
            {
                var value = (j < offset ? shared + ((long)j * components) : own + ((long)(j - offset) * stride))[c];
                a += weights[j] * value;
                b += weights[width + j] * value;
                e += weights[(2 * width) + j] * value;
                d += weights[(3 * width) + j] * value;
            }

            (z0[c], z1[c], z2[c], z3[c]) = (a, b, e, d);
        }
    }

    private readonly record struct Work(int FirstRow, int Batch, int Length, int Offset, int Head, nint SharedKeys, nint SharedValues);

    private readonly record struct Shape(nint Queries, nint Keys, nint Values, nint Z, int Heads, int KeyHeads, int DHead, int DHeadV);
}
