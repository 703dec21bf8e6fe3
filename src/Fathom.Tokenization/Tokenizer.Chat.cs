using Fathom.Tokenization.Templates;

namespace Fathom.Tokenization;

public sealed partial class Tokenizer
{
    private ChatTemplate? _chatTemplate;

    /// <summary>The chat template that came with the tokenizer, or <see langword="null"/>.</summary>
    /// <exception cref="ChatTemplateException">There is one, but it cannot be read.</exception>
    public ChatTemplate? ChatTemplate => _chatTemplate ??= _parts.Settings.ChatTemplate is { } text ? ChatTemplate.Parse(text) : null;

    /// <summary>The special tokens under the names that templates use.</summary>
    internal IEnumerable<KeyValuePair<string, object?>> ChatVariables() => new (string Name, string? Token)[]
    {
        ("bos_token", _parts.Settings.BosToken),
        ("eos_token", _parts.Settings.EosToken),
        ("unk_token", _parts.Settings.UnkToken),
        ("pad_token", _parts.Settings.PadToken),
    }.Where(t => t.Token is not null).Select(t => KeyValuePair.Create(t.Name, (object?)t.Token));
}
