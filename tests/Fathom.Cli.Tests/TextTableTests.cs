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
