namespace Fathom.Tokenization.Templates.Values;

/// <summary>Text marked as safe HTML by <c>|safe</c> or <c>|escape</c>; text joined to it is escaped, as in the reference.</summary>
internal sealed class Markup(string text)
{
    /// <summary>The characters.</summary>
    public string Content => text;

    /// <summary>Text as it is written inside HTML.</summary>
    public static string Escape(string text) => text
        .Replace("&", "&amp;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace("'", "&#39;", StringComparison.Ordinal)
        .Replace("\"", "&#34;", StringComparison.Ordinal);
}
