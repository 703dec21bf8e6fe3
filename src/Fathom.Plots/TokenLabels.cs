using System.Globalization;

namespace Fathom.Plots;

/// <summary>Labels for axes that run over tokens.</summary>
public static class TokenLabels
{
    /// <summary>Labels such as <c>(pos 5)  Hart</c>: unique even where tokens repeat, and the token is shown exactly, leading space included.</summary>
    /// <param name="tokens">The tokens as text, in order of position.</param>
    /// <param name="firstPosition">The position of the first token.</param>
    public static ValueList<string> WithPositions(IEnumerable<string> tokens, int firstPosition = 0) =>
        [.. tokens.Select((token, i) => $"(pos {firstPosition + i}) {token}")];

    /// <summary>Numbered labels such as <c>L0 … L11</c> or <c>0 … 11</c>.</summary>
    /// <param name="prefix">What stands before the number; may be empty.</param>
    /// <param name="count">How many labels.</param>
    public static ValueList<string> Numbered(string prefix, int count) =>
        [.. Enumerable.Range(0, count).Select(i => prefix + i.ToString(CultureInfo.InvariantCulture))];

    /// <summary>The token with what the eye cannot see made visible: <c>·</c> for a space, <c>↵</c> for a newline, <c>⇥</c> for a tab, <c>∅</c> for an empty token, <c>\x1B</c> for a control character.</summary>
    /// <param name="token">The token as text.</param>
    public static string Visible(string token)
    {
        ArgumentNullException.ThrowIfNull(token);
        return token.Length == 0 ? "∅" : VisibleText.Of(token).Replace(' ', '·').Replace('\u00A0', '⍽');
    }
}
