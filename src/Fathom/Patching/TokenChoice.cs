namespace Fathom.Patching;

/// <summary>An answer: a text that is exactly one token, or a token id.</summary>
public readonly record struct TokenChoice
{
    private TokenChoice(string? text, int? id) => (Text, Id) = (text, id);

    /// <summary>The text, usually with its leading space; <see langword="null"/> if the answer is an id.</summary>
    public string? Text { get; }

    /// <summary>The id; <see langword="null"/> if the answer is a text.</summary>
    public int? Id { get; }

    /// <summary>A text that is exactly one token.</summary>
    public static implicit operator TokenChoice(string text) => new(text ?? throw new ArgumentNullException(nameof(text)), null);

    /// <summary>A token id.</summary>
    public static implicit operator TokenChoice(int id) => new(null, id);

    /// <inheritdoc/>
    public override string ToString() => Text is not null ? $"'{Text}'" : $"id {Id}";
}
