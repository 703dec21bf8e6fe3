using Fathom.Components;
using Fathom.Hooks;
using Fathom.Tensors;

namespace Fathom.Tests.Components;

public sealed class PackedAttentionTests
{
    [Theory]
    [InlineData(2, 1, 64, 64, null)]
    [InlineData(4, 2, 16, 48, 5)]
    [InlineData(3, 3, 5, 7, null)]
    [InlineData(6, 2, 40, 33, 1)]
    [InlineData(2, 2, 80, 80, 17)]
    public void Equals_attention_written_out_in_64_bits(int keyHeads, int group, int dHead, int dHeadV, int? window)
    {
        Assert.SkipUnless(PackedAttention.IsSupported, "This processor has no 512-bit vectors; window runs use separate products here.");
        using var noGrad = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var heads = keyHeads * group;
        const int Whole = 37;
        using RecordedPrefix recorded = new();
        var (prefixKeys, prefixValues) = (Noise(1, keyHeads, Whole, dHead), Noise(1, keyHeads, Whole, dHeadV));
        recorded.Extend(3, prefixKeys, prefixValues);
        (int Batch, int Start, int Length)[] parts = [(2, 0, 7), (3, 5, 1), (1, 36, 1), (2, 16, 21), (4, 13, 10)];
        using Pass pass = new([.. parts.Select(p => new Segment(p.Batch, p.Length, recorded.First(p.Start)))], ActiveHooks.None);
        var (q, k, v) = (Noise(pass.Rows, heads, dHead), Noise(pass.Rows, keyHeads, dHead), Noise(pass.Rows, keyHeads, dHeadV));

        Assert.True(PackedAttention.Serves(q, k, v, pass));
        var z = new PackedAttention(1 / MathF.Sqrt(dHead), window).Mix(q, k, v, 3, pass);

        foreach (var (segment, part) in pass.Segments.Zip(parts))
        {
            for (var b = 0; b < part.Batch; b++)
            {
                var at = segment.FirstRow + (b * part.Length);
                for (var h = 0; h < heads; h++)
                {
                    Tensor Sequence(Tensor prefix, Tensor own) => torch.cat([prefix[0, h / group].narrow(0, 0, part.Start), own.narrow(0, at, part.Length).select(1, h / group)]).to(torch.float64);
                    var scores = q.narrow(0, at, part.Length).select(1, h).to(torch.float64).mm(Sequence(prefixKeys, k).t()).Over(Math.Sqrt(dHead));
                    for (var i = 0; i < part.Length; i++)
                    {
                        for (var j = 0; j < part.Start + part.Length; j++)
                        {
                            if (j > part.Start + i || (window is { } seen && j <= part.Start + i - seen))
                            {
                                scores[i, j] = double.NegativeInfinity;
                            }
                        }
                    }

                    var expected = scores.softmax(-1).mm(Sequence(prefixValues, v));
                    Assert.InRange(expected.Minus(z.narrow(0, at, part.Length).select(1, h)).abs().max().item<double>(), 0, 2e-6);
                }
            }
        }
    }

    [Fact]
    public void Does_not_serve_rows_with_gradients_or_of_a_run_from_the_start()
    {
        using var scope = torch.NewDisposeScope();
        using RecordedPrefix recorded = new();
        var x = Noise(4, 2, 16);
        using Pass whole = new([new(1, 4, NoPrefix.Instance)], ActiveHooks.None);
        using Pass window = new([new(1, 4, recorded.First(0))], ActiveHooks.None);

        Assert.False(PackedAttention.Serves(x, x, x, window));
        using var noGrad = torch.no_grad();
        Assert.False(PackedAttention.Serves(x, x, x, whole));
        Assert.False(PackedAttention.Serves(x.to(torch.float64), x.to(torch.float64), x.to(torch.float64), window));
        Assert.Equal(PackedAttention.IsSupported, PackedAttention.Serves(x, x, x, window));
    }

    private static Tensor Noise(params long[] shape) => torch.randn(shape, generator: new torch.Generator((ulong)shape.Sum()));
}
