namespace Fathom.Patching;

/// <summary>One prompt: a text that the model's tokenizer reads, or token ids as they are.</summary>
public sealed class Prompt : IEquatable<Prompt>
{
    /// <summary>A text.</summary>
    /// <param name="text">The text; the model's habits decide about a beginning-of-sequence token.</param>
    public Prompt(string text) => Text = text ?? throw new ArgumentNullException(nameof(text));

    /// <summary>Token ids, taken as they are.</summary>
    /// <param name="ids">The ids of one sequence.</param>
    public Prompt(IReadOnlyList<int> ids) => Ids = [.. ids ?? throw new ArgumentNullException(nameof(ids))];

    /// <summary>The text; <see langword="null"/> if the prompt is ids.</summary>
    public string? Text { get; }

    /// <summary>The ids; <see langword="null"/> if the prompt is a text.</summary>
    public IReadOnlyList<int>? Ids { get; }

    /// <summary>A text.</summary>
    public static implicit operator Prompt(string text) => new(text);

    /// <inheritdoc/>
    public bool Equals(Prompt? other) => other is not null && Text == other.Text && (Ids is null ? other.Ids is null : other.Ids is not null && Ids.SequenceEqual(other.Ids));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Prompt);

    /// <inheritdoc/>
    public override int GetHashCode() => Text is not null ? Text.GetHashCode(StringComparison.Ordinal) : Ids!.Aggregate(17, HashCode.Combine);

    /// <inheritdoc/>
    public override string ToString() => Text is not null ? $"\"{Text}\"" : $"[{string.Join(", ", Ids!.Take(12))}{(Ids!.Count > 12 ? ", ..." : "")}]";
}
