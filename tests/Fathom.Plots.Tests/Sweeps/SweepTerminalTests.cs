using System.Text.RegularExpressions;
using Fathom.Plots.Sweeps;

namespace Fathom.Plots.Tests.Sweeps;

public sealed class SweepTerminalTests
{
    public static TheoryData<string> Names => [.. SweepSamples.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Stays_within_the_terminal_in_every_mode(string name)
    {
        foreach (var width in new[] { 40, 80, 120, 200 })
        {
            foreach (var colors in Enum.GetValues<TerminalColors>())
            {
                Assert.All(Lines(SweepSamples.All[name], width, colors), line => Assert.True(CharWidth.Of(line) <= width, $"{width}: '{line}'"));
            }
        }
    }

    [Fact]
    public void Numbers_have_the_same_decimals_and_noise_is_a_mark_alone()
    {
        double[] cells = [18, -17.55, 17.843, 18.0309];
        var lines = Lines(SampleSweeps.Of([SampleSweeps.Layers(2), SampleSweeps.Heads(2)], c => cells[c]).ToFigure(), 80);
        var top = lines.FindIndex(line => line.Contains("H1", StringComparison.Ordinal));
        Assert.Equal(["             H0          H1", "L0            ·      -35.55", "L1        -0.16        0.03", "· within 1.8e-6 of 0, the noise floor"], lines[top..(top + 4)]);
    }

    [Fact]
    public void Positions_and_tokens_stand_above_their_columns_and_only_cut_ones_are_listed()
    {
        var lines = Lines(SampleSweeps.Of([SampleSweeps.Layers(2), SampleSweeps.Positions("pos", "<|endoftext|>", "Her", " Hart")], c => c).ToFigure(), 44);
        var top = lines.FindIndex(line => line.EndsWith(" 2", StringComparison.Ordinal));
        Assert.Equal(["0", "1", "2"], lines[top].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(["<|endoftex…", "Her", "·Hart"], lines[top + 1].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("columns: 0 <|endoftext|>", lines);
    }

    [Fact]
    public void A_prompt_of_fifteen_tokens_is_one_picture_with_its_tokens_however_narrow()
    {
        foreach (var width in new[] { 60, 80, 120 })
        {
            var lines = Lines(SweepSamples.All["layers by positions"], width, TerminalColors.TrueColor);
            Assert.Single(lines, line => line.TrimStart().StartsWith("L7 ", StringComparison.Ordinal));
            var below = string.Join(' ', lines);
            Assert.Contains("0 <|endoftext|>", below, StringComparison.Ordinal);
            Assert.Contains("·John", below, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Panels_stand_side_by_side_under_one_heading_and_over_one_legend()
    {
        var lines = Lines(SweepSamples.All["12 by 12 by 9"], 80, TerminalColors.TrueColor);
        Assert.Contains(lines, line => Regex.IsMatch(line, "L0 +L1 +L2"));
        Assert.Single(lines, line => line.StartsWith("Head down, Position across", StringComparison.Ordinal));
        Assert.Single(lines, line => line.StartsWith("columns: ", StringComparison.Ordinal));
    }

    private static List<string> Lines(Figure figure, int width, TerminalColors colors = TerminalColors.None) =>
        [.. Regex.Replace(figure.ToTerminal(new() { Width = width, Colors = colors }), "\u001b\\[[0-9;]*m", "").Split('\n')];
}
