using System.Text;
using Fathom.Plots;

namespace Fathom.Cli;

/// <summary>Where a command reads and writes, and what the other side can show. Tests pass their own.</summary>
internal sealed class Terminal
{
    /// <summary>Results, and nothing else.</summary>
    internal required TextWriter Output { get; init; }

    /// <summary>Progress, notes and errors.</summary>
    internal required TextWriter Error { get; init; }

    /// <summary>Standard input.</summary>
    internal required TextReader Input { get; init; }

    /// <summary>Whether a person reads <see cref="Output"/>; otherwise it is a pipe or a file and gets tab-separated values.</summary>
    internal bool OutputIsTerminal { get; init; }

    /// <summary>Whether a person reads <see cref="Error"/>; only then is progress drawn.</summary>
    internal bool ErrorIsTerminal { get; init; }

    /// <summary>Whether <see cref="Input"/> is a keyboard; otherwise a missing text argument is read from it.</summary>
    internal bool InputIsTerminal { get; init; }

    /// <summary>Columns.</summary>
    internal int Width { get; init; } = 80;

    /// <summary>Colours that <see cref="Output"/> can show.</summary>
    internal TerminalColors Colors { get; init; }

    /// <summary>Reads an environment variable; null when it is not set.</summary>
    internal Func<string, string?> Variable { get; init; } = Environment.GetEnvironmentVariable;

    internal static Terminal ForThisProcess()
    {
        var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        var outputIsTerminal = !Console.IsOutputRedirected;
        if (OperatingSystem.IsWindows() && outputIsTerminal)
        {
            Console.OutputEncoding = utf8;
        }

        return new()
        {
            Output = new StreamWriter(Console.OpenStandardOutput(), utf8, 4096) { AutoFlush = outputIsTerminal, NewLine = "\n" },
            Error = new StreamWriter(Console.OpenStandardError(), utf8, 256) { AutoFlush = true, NewLine = "\n" },
            Input = new StreamReader(Console.OpenStandardInput(), utf8),
            OutputIsTerminal = outputIsTerminal,
            ErrorIsTerminal = !Console.IsErrorRedirected,
            InputIsTerminal = !Console.IsInputRedirected,
            Width = outputIsTerminal ? Math.Max(40, Columns()) : 80,
            Colors = TerminalOptions.Detect(!outputIsTerminal).Colors,
        };
    }

    /// <summary>How figures are drawn on it.</summary>
    internal TerminalOptions Figures => new() { Width = Width, Colors = Colors };

    /// <summary>The text in bold, where that can be shown.</summary>
    internal string Bold(string text) => Styled("1", text);

    /// <summary>The text dimmed, where that can be shown.</summary>
    internal string Dim(string text) => Styled("2", text);

    private string Styled(string code, string text) => Colors == TerminalColors.None ? text : $"\u001b[{code}m{text}\u001b[0m";

    private static int Columns()
    {
        try
        {
            return Console.WindowWidth;
        }
        catch (IOException)
        {
            return 80;
        }
    }
}
