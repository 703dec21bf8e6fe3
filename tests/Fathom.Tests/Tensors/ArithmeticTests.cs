using Fathom.Tensors;

namespace Fathom.Tests.Tensors;

public sealed class ArithmeticTests
{
    [Fact]
    public void Gives_the_bits_of_the_operators()
    {
        using var scope = torch.NewDisposeScope();
        var x = torch.linspace(-3, 3, 97);
        var y = torch.linspace(5, 1, 97);
        var mask = x.Is(0);
        (Tensor Ours, Tensor Theirs)[] pairs =
        [
            (x.Plus(y), x + y), (x.Plus(0.3), x + 0.3), (x.Minus(y), x - y), (x.Minus(0.3), x - 0.3),
            (x.Times(y), x * y), (x.Times(0.3), x * 0.3), (x.Over(y), x / y), (x.Over(0.3), x / 0.3),
            (x.Squared(), x.square()), (y.ToThePower(1.5), y.pow(1.5)), (x.AtLeast(0.5), x.clamp_min(0.5)),
            (x.FilledWhere(mask, 9), x.masked_fill(mask, 9)), (mask, x == 0), (x.IsAbove(1), x > 1),
            (Arithmetic.Range(12), torch.arange(12)), (Arithmetic.Full([2, 3], 0.1, torch.float32), torch.full(2, 3, 0.1f)),
        ];
        foreach (var (ours, theirs) in pairs)
        {
            Assert.Equal(theirs.dtype, ours.dtype);
            Assert.True(theirs.equal(ours).all().item<bool>());
        }

        var sum = x.clone();
        Assert.Same(sum, sum.AddInPlace(y));
        Assert.True(sum.equal(x.Plus(y)).all().item<bool>());
    }

    [Fact]
    public void An_integer_tensor_becomes_a_float_as_with_the_operators()
    {
        using var scope = torch.NewDisposeScope();
        var x = Arithmetic.Range(4);
        Assert.Equal((x + 0.5).dtype, x.Plus(0.5).dtype);
        Assert.Equal((x / 2.0).dtype, x.Over(2).dtype);
    }

    /// <summary>With the operators in their place this fails within seconds ("Unknown scalar type"); FATHOM_STRESS_SECONDS lengthens it.</summary>
    [Fact]
    public void Survives_garbage_collections_in_the_middle_of_calls()
    {
        var seconds = double.TryParse(Environment.GetEnvironmentVariable("FATHOM_STRESS_SECONDS"), out var asked) ? asked : 1.5;
        var deadline = Environment.TickCount64 + (long)(seconds * 1000);
        Parallel.For(0, 4, worker =>
        {
            while (Environment.TickCount64 < deadline)
            {
                if (worker == 0)
                {
                    GC.Collect();
                    GC.WaitForPendingFinalizers();
                    continue;
                }

                using var scope = torch.NewDisposeScope();
                var x = torch.ones(64);
                var result = x.Plus(x).Plus(1).Times(2).Minus(2).Over(2).Squared().ToThePower(0.5).AtLeast(0);
                Assert.Equal(2f, result.mean().item<float>(), 1e-6f);
            }
        });
    }
}
