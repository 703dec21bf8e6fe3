using Fathom.Components;
using Fathom.Tensors;

namespace Fathom.Tests.Components;

public sealed class BiasedGeluTests
{
    [Theory]
    [InlineData(1, 16)]
    [InlineData(70, 3072)]
    public void Equals_bias_and_gelu_one_after_the_other(long count, long width)
    {
        using var noGrad = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var rows = torch.randn([count, width], generator: new torch.Generator(1)).Times(4);
        rows[0, 0] = 90;
        rows[0, 1] = -90;
        rows[0, 2] = 0;
        var bias = torch.randn([width], generator: new torch.Generator(2));
        Assert.SkipUnless(BiasedGelu.Serves(rows), "This processor has no 512-bit vectors; window runs add the bias and apply GELU separately here.");
        var wide = rows.Plus(bias).to(torch.float64);
        var expected = wide.Times(wide.Plus(wide.pow(3).Times(0.044715)).Times(Math.Sqrt(2 / Math.PI)).tanh().Plus(1)).Times(0.5);

        BiasedGelu.Apply(rows, bias);

        Assert.InRange(expected.Minus(rows).abs().max().item<double>(), 0, 1e-5);
        Assert.InRange(expected.Minus(rows).Over(expected.abs().Plus(1)).abs().max().item<double>(), 0, 1e-6);
    }

    [Fact]
    public void Serves_fp32_rows_of_whole_vectors_only()
    {
        using var scope = torch.NewDisposeScope();
        Assert.False(BiasedGelu.Serves(torch.zeros([2, 24])));
        Assert.False(BiasedGelu.Serves(torch.zeros([2, 32], torch.float64)));
        Assert.False(BiasedGelu.Serves(torch.zeros([32, 2]).t()));
    }
}
