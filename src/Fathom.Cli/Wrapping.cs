using System.Text;

namespace Fathom.Cli;

/// <summary>Breaks prose at blanks so that it fits the terminal.</summary>
internal static class Wrapping
{
    /// <summary>Wraps each line of the text that is too long; what is indented or already short stays as it is.</summary>
    internal static string Wrap(string text, int width, int indent = 0)
    {
        var result = new StringBuilder();
        foreach (var line in text.Split('\n'))
        {
            if (result.Length > 0)
            {
                result.Append('\n').Append(' ', indent);
            }

            if (DisplayWidth.Of(line) + indent <= width || line.StartsWith(' '))
            {
                result.Append(line);
                continue;
            }

            var used = indent;
            foreach (var word in line.Split(' '))
            {
                var length = DisplayWidth.Of(word);
                if (used > indent && used + 1 + length > width)
                {
                    result.Append('\n').Append(' ', indent);
                    used = indent;
                }
                else if (used > indent)
                {
                    result.Append(' ');
                    used++;
                }

                result.Append(word);
                used += length;
            }
        }

        return result.ToString();
    }
}
