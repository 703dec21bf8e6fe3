using System.Xml.Linq;

namespace Fathom.Plots.Tests;

public sealed class EveryFigureTests
{
    public static TheoryData<string> Kinds => [.. Samples.All.Keys];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Reads_back_equal_from_json(string kind)
    {
        var figure = Samples.All[kind];
        Assert.Equal(figure, Figure.FromJson(figure.ToJson()));
        Assert.Contains($"\"kind\":\"{kind}\"", figure.ToJson(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Is_well_formed_svg_without_script_or_link(string kind)
    {
        var svg = XDocument.Parse(Samples.All[kind].ToSvg());
        Assert.DoesNotContain(svg.Descendants(), e => e.Name.LocalName is "script" or "foreignObject" or "a" or "b" or "img");
        Assert.All(svg.Descendants().Attributes().Where(a => a.Name.LocalName == "href"), a => Assert.StartsWith("data:image/png;base64,", a.Value, StringComparison.Ordinal));
        Assert.DoesNotContain(svg.Descendants().Attributes(), a => a.Name.LocalName.StartsWith("on", StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain(svg.Descendants().Attributes(), a => a.Value.Contains("NaN", StringComparison.Ordinal) || a.Value.Contains('∞'));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Is_the_same_svg_twice_and_in_any_culture(string kind) =>
        Assert.Equal(Samples.All[kind].ToSvg(), Figure.FromJson(Samples.All[kind].ToJson()).ToSvg());

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Puts_only_its_own_scripts_into_the_page(string kind)
    {
        var html = Samples.All[kind].ToHtml();
        Assert.Equal(2, html.Split("<script").Length - 1);
        Assert.Equal(2, html.Split("</script").Length - 1);
        Assert.Contains("default-src 'none'", html, StringComparison.Ordinal);
        Assert.DoesNotContain("http://", html.Replace("http://www.w3.org/2000/svg", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain("https://", html, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Stays_within_the_terminal_in_every_mode(string kind)
    {
        foreach (var width in new[] { 40, 44, 63, 64, 80, 200 })
        {
            foreach (var colors in Enum.GetValues<TerminalColors>())
            {
                var text = Samples.All[kind].ToTerminal(new() { Width = width, Colors = colors, Ascii = colors == TerminalColors.None });
                var plain = System.Text.RegularExpressions.Regex.Replace(text, "\u001b\\[[0-9;]*m", "");
                Assert.Equal(colors != TerminalColors.None, text.Contains('\u001b'));
                Assert.All(plain.Split('\n'), line => Assert.True(CharWidth.Of(line) <= width, $"{width}: '{line}'"));
                Assert.DoesNotContain(plain, c => (c < ' ' && c != '\n') || (colors == TerminalColors.None && c > '~'));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Has_a_csv_line_for_each_value(string kind)
    {
        var figure = Samples.All[kind];
        Assert.True(figure.ToTable().Rows.Count > 2);
        Assert.All(figure.ToTable().Rows, row => Assert.Equal(figure.ToTable().Columns.Count, row.Length));
        Assert.StartsWith(figure.ToTable().Columns[0] + (figure.ToTable().Columns.Count > 1 ? "," : "\n"), figure.ToCsv(), StringComparison.Ordinal);
    }
}
