namespace Fathom.Tokenization.Templates.Execution;

/// <summary>Turns an offset into a line and a column.</summary>
internal static class SourcePosition
{
    /// <summary>Line and column, both from 1, of an offset in a text whose lines end in \n.</summary>
    public static (int Line, int Column) Of(string source, int offset)
    {
        var before = source.AsSpan(0, Math.Clamp(offset, 0, source.Length));
        return (before.Count('\n') + 1, before.Length - before.LastIndexOf('\n'));
    }
}
