namespace Fathom.Tokenization;

/// <summary>How short sequences are filled up; nothing is padded unless asked for.</summary>
/// <param name="Id">The padding token's id.</param>
/// <param name="Token">The padding token's text.</param>
public sealed record Padding(int Id, string Token)
{
    /// <summary>The length to fill up to, in tokens; <see langword="null"/> for the longest of the batch.</summary>
    public int? Length { get; init; }

    /// <summary>The length is rounded up to a multiple of this.</summary>
    public int? MultipleOf { get; init; }

    /// <summary>The type id of padding.</summary>
    public int TypeId { get; init; }

    /// <summary>The side that is filled.</summary>
    public Side Direction { get; init; } = Side.Right;
}
