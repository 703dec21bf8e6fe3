namespace Fathom.Tokenization.Text;

/// <summary>One token of an encoding under construction.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Start">First scalar of the text it covers.</param>
/// <param name="End">First scalar after it.</param>
internal readonly record struct TokenEntry(int Id, int Start, int End)
{
    /// <summary>Index of the piece (or given word) it comes from, -1 for none.</summary>
    public int Word { get; init; } = -1;

    /// <summary>The segment id that models with two kinds of text take.</summary>
    public int Type { get; init; }

    /// <summary>0 for the first text (until post-processing says otherwise), 1 for the second, -1 for tokens of neither.</summary>
    public sbyte Sequence { get; init; }

    /// <summary>Put there by the template or by padding.</summary>
    public bool Special { get; init; }

    /// <summary>Put there by padding.</summary>
    public bool Padding { get; init; }

    /// <summary>Its text where that is not the vocabulary's (an added token with its white space).</summary>
    public string? Text { get; init; }
}
