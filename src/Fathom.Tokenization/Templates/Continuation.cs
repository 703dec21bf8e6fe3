using Fathom.Tokenization.Templates.Values;

namespace Fathom.Tokenization.Templates;

/// <summary>Rendering that stops inside the last message: a mark is put after its text, and the result is cut there.</summary>
internal sealed class Continuation
{
    private const string Mark = "CONTINUE_FINAL_MESSAGE_TAG ";

    private readonly string _final;

    private Continuation(IReadOnlyList<ChatMessage> messages, string final)
    {
        Messages = messages;
        _final = final;
    }

    /// <summary>The messages with the mark.</summary>
    public IReadOnlyList<ChatMessage> Messages { get; }

    /// <summary>Marks the last message.</summary>
    /// <exception cref="ArgumentException">There is no text to continue.</exception>
    public static Continuation Of(IReadOnlyList<ChatMessage> messages, string template)
    {
        if (messages.Count == 0 || messages[^1].Content is not { } content)
        {
            throw new ArgumentException("continueFinalMessage needs a last message with content to continue.", nameof(messages));
        }
        if (!template.Contains("content", StringComparison.Ordinal))
        {
            throw new ArgumentException("continueFinalMessage needs a template that prints 'content'; this one does not mention it.", nameof(messages));
        }
        var (marked, final) = content is string text ? (text + Mark, text) : MarkParts(content);
        return new Continuation([.. messages.SkipLast(1), messages[^1].With("content", marked)], final);
    }

    /// <summary>Cuts the rendered text at the mark.</summary>
    /// <exception cref="InvalidOperationException">The template did not print the last message as it is.</exception>
    public string Cut(string rendered)
    {
        var at = rendered.LastIndexOf(Mark.TrimEnd(), StringComparison.Ordinal);
        if (at < 0 || !rendered.Contains(Whitespace.Strip(_final), StringComparison.Ordinal))
        {
            throw new InvalidOperationException("The last message does not appear in the rendered text, so it cannot be continued: the template drops or changes part of it. Render without continueFinalMessage.");
        }
        // A template that trims the message also trims what comes before the mark.
        return string.CompareOrdinal(rendered, at, Mark, 0, Mark.Length) == 0 ? rendered[..at] : Whitespace.StripEnd(rendered[..at]);
    }

    private static (object Marked, string Final) MarkParts(object content)
    {
        var parts = (content as IEnumerable<object?>)?.ToArray() ?? [];
        for (var i = parts.Length - 1; i >= 0; i--)
        {
            if (parts[i] is IEnumerable<KeyValuePair<string, object?>> part && part.FirstOrDefault(p => p.Key == "text") is { Value: string text })
            {
                parts[i] = part.Select(p => p.Key == "text" ? KeyValuePair.Create<string, object?>("text", text + Mark) : p).ToArray();
                return (parts, text);
            }
        }
        throw new ArgumentException("continueFinalMessage found no text in the last message to continue.");
    }
}
