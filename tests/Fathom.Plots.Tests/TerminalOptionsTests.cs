namespace Fathom.Plots.Tests;

public sealed class TerminalOptionsTests
{
    [Theory]
    [InlineData(false, "TERM=xterm-256color;COLORTERM=truecolor", TerminalColors.TrueColor)]
    [InlineData(false, "TERM=xterm-256color", TerminalColors.Ansi256)]
    [InlineData(false, "TERM=dumb", TerminalColors.None)]
    [InlineData(false, "", TerminalColors.None)]
    [InlineData(true, "TERM=xterm-256color;COLORTERM=truecolor", TerminalColors.None)]
    [InlineData(true, "COLORTERM=24bit;CLICOLOR_FORCE=1", TerminalColors.TrueColor)]
    [InlineData(false, "TERM=xterm-256color;COLORTERM=truecolor;NO_COLOR=1", TerminalColors.None)]
    [InlineData(false, "TERM=xterm;NO_COLOR=", TerminalColors.Ansi256)]
    [InlineData(true, "CLICOLOR_FORCE=0", TerminalColors.None)]
    [InlineData(false, "WT_SESSION=x", TerminalColors.TrueColor)]
    public void Reads_the_environment(bool redirected, string environment, TerminalColors colors)
    {
        var variables = environment.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(v => v.Split('=')).ToDictionary(v => v[0], v => v[1]);
        Assert.Equal(colors, TerminalOptions.Detect(redirected, null, name => variables.GetValueOrDefault(name)).Colors);
    }

    [Fact]
    public void Takes_the_width_told_then_COLUMNS_then_80()
    {
        Assert.Equal(120, TerminalOptions.Detect(false, 120, _ => "100").Width);
        Assert.Equal(100, TerminalOptions.Detect(false, null, name => name == "COLUMNS" ? "100" : null).Width);
        Assert.Equal(80, TerminalOptions.Detect(false, null, _ => null).Width);
    }

    [Fact]
    public void Writes_numbers_on_their_colours()
    {
        var map = Figure.HeatMap(new double[,] { { 1, -1 } });
        var text = map.ToTerminal(new() { Colors = TerminalColors.TrueColor });
        Assert.Contains("\u001b[48;2;5;48;97;38;2;255;255;255m", text, StringComparison.Ordinal);
        Assert.Contains("\u001b[48;2;103;0;31;38;2;255;255;255m", text, StringComparison.Ordinal);
        Assert.Contains("\u001b[48;5;", map.ToTerminal(new() { Colors = TerminalColors.Ansi256 }), StringComparison.Ordinal);
    }

    [Fact]
    public void Says_what_the_axes_are_and_which_mark_is_whose()
    {
        var bars = ChartSamples.All["bars with long titles"].ToTerminal(new() { Width = 200 });
        Assert.Contains("Position down, change of logit(' Mary') - logit(' John') (nats)", bars, StringComparison.Ordinal);
        var lines = ChartSamples.All["nine lines"].ToTerminal();
        Assert.Contains("- - 2000000 the clean run's metric", lines, StringComparison.Ordinal);
        var marks = lines.Split('\n').Where(line => line.Contains("series ", StringComparison.Ordinal)).Select(line => line.Trim()[0]).ToList();
        Assert.Equal((9, 9), (marks.Count, marks.Distinct().Count()));
    }

    [Theory]
    [InlineData(40)]
    [InlineData(80)]
    public void Charts_stay_within_the_terminal(int width) => Assert.All(ChartSamples.All.Values, figure =>
        Assert.All(figure.ToTerminal(new() { Width = width }).Split('\n'), line => Assert.True(CharWidth.Of(line) <= width, line)));

    [Fact]
    public void Shades_what_is_too_wide_for_numbers_and_explains_the_shades()
    {
        var map = Figure.HeatMap(Grid.Of(1, 60, Enumerable.Range(0, 60).Select(i => i - 30.0)));
        var text = map.ToTerminal();
        Assert.Contains("iihhhhgggfff", text, StringComparison.Ordinal);
        Assert.Contains("1-9 above 0 up to 30, a-i below it down to -30", text, StringComparison.Ordinal);
    }
}
