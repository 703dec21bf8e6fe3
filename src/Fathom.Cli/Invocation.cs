using System.CommandLine;
using System.Text.Json;

namespace Fathom.Cli;

/// <summary>One run of one command: what was asked, where to answer, when to stop.</summary>
internal sealed class Invocation(ParseResult parsed, Terminal terminal, string commandLine, CancellationToken cancellation)
{
    private readonly List<string> _notes = [];

    internal Terminal Terminal { get; } = terminal;

    internal CancellationToken Cancellation { get; } = cancellation;

    /// <summary>The command as the user could type it again.</summary>
    internal string CommandLine { get; } = commandLine;

    /// <summary>Whether the answer is one JSON document.</summary>
    internal bool Json => parsed.GetValue(SharedOptions.Json);

    private bool Quiet => parsed.GetValue(SharedOptions.Quiet);

    internal T? Value<T>(Option<T> option) => parsed.GetValue(option);

    internal T? Value<T>(Argument<T> argument) => parsed.GetValue(argument);

    /// <summary>Whether the user wrote the option himself.</summary>
    internal bool Given(Option option) => parsed.GetResult(option) is { Implicit: false };

    /// <summary>Tells the person something that is not a result.</summary>
    internal void Note(string text)
    {
        if (!Quiet)
        {
            Terminal.Error.WriteLine(text);
        }
    }

    /// <summary>Keeps what a person should know about the run until its end; a run that fails says only why.</summary>
    internal void NoteAtEnd(IEnumerable<string> texts) => _notes.AddRange(texts.Select(text => text.ReplaceLineEndings(" ")));

    /// <summary>Tells the person what was kept for the end, a line each.</summary>
    internal void WriteNotes()
    {
        Terminal.Output.Flush();
        foreach (var note in _notes.Distinct())
        {
            Note(Terminal.ErrorIsTerminal ? Wrapping.Wrap($"note: {note}", Terminal.Width, 6) : $"note: {note}");
        }
    }

    /// <summary>Draws progress over itself; nothing when nobody watches.</summary>
    internal void Progress(string text)
    {
        if (!Quiet && Terminal.ErrorIsTerminal)
        {
            Terminal.Error.Write($"\r\u001b[K{text}");
        }
    }

    /// <summary>Writes a table: aligned for a person, tab-separated for a program.</summary>
    internal void Write(TextTable table) => table.WriteTo(Terminal);

    /// <summary>Writes a line of prose for a person; programs get tables only.</summary>
    internal void Prose(string text)
    {
        if (Terminal.OutputIsTerminal)
        {
            Terminal.Output.WriteLine(text);
        }
    }

    /// <summary>Writes the one JSON document of the command.</summary>
    /// <param name="schema">Name and version of its contract, such as <c>fathom.tokenize/1</c>.</param>
    /// <param name="members">Writes the members after <c>schema</c> and <c>tool_version</c>.</param>
    internal void WriteJson(string schema, Action<Utf8JsonWriter> members) => JsonOutput.Write(Terminal.Output, schema, members);

    /// <summary>The text argument, or all of standard input when it is left out or is <c>-</c>.</summary>
    /// <exception cref="CommandException">Neither is there.</exception>
    internal string TextOrInput(string? text, string name)
    {
        if (text is not null and not "-")
        {
            return text;
        }

        if (text is null && Terminal.InputIsTerminal)
        {
            throw CommandException.Usage($"{name} is missing. Give it in quotes, or pipe it in.");
        }

        var read = Terminal.Input.ReadToEnd();
        return read.EndsWith("\r\n", StringComparison.Ordinal) ? read[..^2] : read.EndsWith('\n') ? read[..^1] : read;
    }
}
