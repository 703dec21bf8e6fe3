namespace Fathom.Tokenization.Templates;

/// <summary>A chat template could not be parsed or rendered.</summary>
public sealed class ChatTemplateException : Exception
{
    internal ChatTemplateException(ChatTemplateFault fault, string reason, int line, int column, string? suggestion = null, Exception? inner = null)
        : base($"Chat template, line {line}, column {column}: {reason}{(reason.EndsWith('.') ? "" : ".")}{(suggestion is null ? "" : " " + suggestion)}", inner)
    {
        Fault = fault;
        Reason = reason;
        Line = line;
        Column = column;
        Suggestion = suggestion;
    }

    /// <summary>The kind of fault.</summary>
    public ChatTemplateFault Fault { get; }

    /// <summary>The reason alone, in the words of the reference where it has words for it.</summary>
    public string Reason { get; }

    /// <summary>Line of the template text, from 1.</summary>
    public int Line { get; }

    /// <summary>Column of that line in UTF-16 units, from 1.</summary>
    public int Column { get; }

    /// <summary>What to do next, if there is something sensible to say.</summary>
    public string? Suggestion { get; }
}
