namespace Fathom.Plots.Tests;

public sealed class NumbersTests
{
    [Theory]
    [InlineData(17.721416473388672, null, "17.72")]
    [InlineData(-0.0031234, null, "-0.003123")]
    [InlineData(1.23456e-7, null, "1.235e-7")]
    [InlineData(12345678, null, "1.235e+7")]
    [InlineData(1234567, null, "1234567")]
    [InlineData(0.1, null, "0.1")]
    [InlineData(-0.0, null, "0")]
    [InlineData(-0.001, 2, "0.00")]
    [InlineData(2.005, 1, "2.0")]
    [InlineData(double.NaN, null, "no value")]
    [InlineData(double.NegativeInfinity, 3, "-∞")]
    public void Are_short_for_people(double value, int? decimals, string text) => Assert.Equal(text, Numbers.Short(value, decimals));

    [Theory]
    [InlineData(0, 1, "0|0.2|0.4|0.6|0.8|1.0")]
    [InlineData(-17.8, 17.8, "-10|0|10")]
    [InlineData(0, 0.001, "0|0.0002|0.0004|0.0006|0.0008|0.0010")]
    [InlineData(-0.3, 0.95, "-0.25|0|0.25|0.50|0.75")]
    [InlineData(0, 3e7, "0|1e+7|2e+7|3e+7")]
    public void Are_round_on_ticks(double low, double high, string labels)
    {
        var (values, step) = Svg.Ticks.Between(low, high, 5);
        Assert.Equal(labels, string.Join('|', values.Select(v => Numbers.Tick(v, step))));
    }

    [Fact]
    public void Diverging_scales_have_equal_steps_on_both_sides_whatever_the_range()
    {
        var scale = Colors.ColorScale.Over([-1, 8, double.NaN, double.PositiveInfinity], Palette.RdBu, center: 2);
        Assert.Equal((-4, 8), (scale.Low, scale.High));
        Assert.Equal("#f7f7f7", scale.At(2).Hex);
        Assert.Equal(0.5 - scale.Position(1), scale.Position(3) - 0.5, 12);
        var cut = Colors.ColorScale.Over([-1, 8], Palette.RdBu, minimum: -1, maximum: 4);
        Assert.Equal(cut.At(4), cut.At(8));
        Assert.Equal(0.5, cut.Position(0), 12);
        Assert.Equal("#053061", cut.At(4).Hex);
    }
}
