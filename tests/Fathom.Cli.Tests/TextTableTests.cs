namespace Fathom.Cli.Tests;

public sealed class TextTableTests
{
    [Fact]
    public void Programs_get_exact_numbers_between_tabs()
    {
        Assert.Equal("token\tlogit\n a\\tb\t0.1\n\\n\t-1E-10\n", Render(screen: false));
    }

    [Fact]
    public void People_get_aligned_columns()
    {
        Assert.Equal("token      logit\n a\\tb     0.1000\n\\n     -1.00e-10\n", Render(screen: true));
    }

    [Fact]
    public void Wide_characters_take_two_columns()
    {
        Assert.Equal(5, DisplayWidth.Of("日本a"));
        Assert.Equal(1, DisplayWidth.Of("e\u0301"));
        Assert.Equal("日…", DisplayWidth.Cut("日本語", 4));
    }

    [Theory]
    [InlineData(40)]
    [InlineData(60)]
    [InlineData(80)]
    public void The_widest_text_gives_way_where_the_line_is_too_short_and_no_number_is_cut(int width)
    {
        var output = new StringWriter { NewLine = "\n" };
        var table = new TextTable("prompt", "most probable", "p", "rank");
        table.Add("Her name was Alex Hart, and that of her sister was Sarah. When Alex", "·Hart", 0.9812, 1234567);
        table.WriteTo(new() { Output = output, Error = TextWriter.Null, Input = TextReader.Null, OutputIsTerminal = true, Width = width });
        Assert.All(output.ToString().Split('\n'), line => Assert.True(DisplayWidth.Of(line) < width, line));
        Assert.Contains("  0.9812  1234567\n", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("…  ", output.ToString(), StringComparison.Ordinal);
    }

    private static string Render(bool screen)
    {
        var output = new StringWriter { NewLine = "\n" };
        var table = new TextTable("token", "logit");
        table.Add(" a\tb", 0.1f);
        table.Add("\n", -1e-10);
        table.WriteTo(new() { Output = output, Error = TextWriter.Null, Input = TextReader.Null, OutputIsTerminal = screen });
        return output.ToString();
    }
}
