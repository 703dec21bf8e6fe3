using System.Text.Json;
using Fathom.Tokenization.Templates.Values;

namespace Fathom.Tokenization.Templates;

/// <summary>One message of a conversation: a role, a content, and whatever else a template reads (<c>tool_calls</c>, <c>name</c>, <c>reasoning_content</c>).</summary>
public sealed class ChatMessage
{
    /// <summary>A message with text, or with no content at all.</summary>
    /// <param name="role">Who speaks: <c>system</c>, <c>user</c>, <c>assistant</c>, <c>tool</c>, or what the template knows.</param>
    /// <param name="content">The text; null leaves the key out, as for an assistant that only calls tools.</param>
    public ChatMessage(string role, string? content)
        : this([new("role", role), new("content", content)])
    {
    }

    /// <summary>A message from fields in order; the order shows where a template prints a whole message.</summary>
    /// <exception cref="ArgumentException">There is no text under <c>role</c>, or a name occurs twice.</exception>
    public ChatMessage(IEnumerable<KeyValuePair<string, object?>> fields)
    {
        ArgumentNullException.ThrowIfNull(fields);
        Fields = [.. fields];
        Role = Fields.FirstOrDefault(f => f.Key == "role").Value as string
            ?? throw new ArgumentException("A message needs the field 'role' with text, such as 'user'.", nameof(fields));
        if (Fields.GroupBy(f => f.Key, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"A message has the field '{twice.Key}' twice.", nameof(fields));
        }
    }

    /// <summary>Who speaks.</summary>
    public string Role { get; }

    /// <summary>The content: text, or a list of parts such as <c>{"type": "text", "text": "..."}</c>, or null.</summary>
    public object? Content => Fields.FirstOrDefault(f => f.Key == "content").Value;

    /// <summary>All fields in order, role and content among them.</summary>
    public IReadOnlyList<KeyValuePair<string, object?>> Fields { get; }

    /// <summary>A message of the user.</summary>
    public static ChatMessage User(string content) => new("user", content);

    /// <summary>A message of the model.</summary>
    public static ChatMessage Assistant(string content) => new("assistant", content);

    /// <summary>Instructions that precede the conversation.</summary>
    public static ChatMessage System(string content) => new("system", content);

    /// <summary>Reads a conversation from a JSON list of objects.</summary>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    /// <exception cref="ArgumentException">It is not a list of messages.</exception>
    public static IReadOnlyList<ChatMessage> ParseList(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.ValueKind == JsonValueKind.Array
            ? [.. document.RootElement.EnumerateArray().Select(FromJson)]
            : throw new ArgumentException($"A conversation is a JSON list of messages; this is a JSON {document.RootElement.ValueKind}.", nameof(json));
    }

    /// <summary>Reads a message from a JSON object.</summary>
    /// <exception cref="ArgumentException">It is not an object with a role.</exception>
    public static ChatMessage FromJson(JsonElement json) => json.ValueKind == JsonValueKind.Object
        ? new((IEnumerable<KeyValuePair<string, object?>>)HostValue.FromJson(json)!)
        : throw new ArgumentException($"A message is a JSON object; this is a JSON {json.ValueKind}.", nameof(json));

    /// <summary>The same message with one field set.</summary>
    public ChatMessage With(string name, object? value) => new(Fields.Any(f => f.Key == name)
        ? Fields.Select(f => f.Key == name ? new KeyValuePair<string, object?>(name, value) : f)
        : [.. Fields, new(name, value)]);

    /// <summary>The fields as the reference hands them to a template: no empty content, and the two names of the reasoning.</summary>
    internal IEnumerable<KeyValuePair<string, object?>> ForTemplate()
    {
        var fields = Fields.Where(f => f.Key != "content" || f.Value is not null);
        var reasoning = Fields.FirstOrDefault(f => f.Key == "reasoning_content");
        return reasoning.Key is null || Fields.Any(f => f.Key == "thinking") ? fields : [.. fields, new("thinking", reasoning.Value)];
    }
}
