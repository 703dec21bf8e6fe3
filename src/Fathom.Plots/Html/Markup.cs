namespace Fathom.Plots.Html;

/// <summary>Text as HTML: nothing in it is markup, nothing in it is invisible.</summary>
internal static class Markup
{
    public static string Text(string value) => Svg.SvgCanvas.Escape(value);

    /// <summary>As <see cref="Text"/>, with line ends and tabs kept.</summary>
    public static string Lines(string value) => string.Join('\n', value.ReplaceLineEndings("\n").Split('\n').Select(line => string.Join('\t', line.Split('\t').Select(Text))));
}
