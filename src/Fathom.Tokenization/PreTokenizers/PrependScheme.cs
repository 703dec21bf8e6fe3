namespace Fathom.Tokenization.PreTokenizers;

/// <summary>Where Metaspace puts its mark before a text that does not begin with one.</summary>
internal enum PrependScheme
{
    /// <summary>Before every segment.</summary>
    Always,

    /// <summary>Only at the beginning of the whole text.</summary>
    First,

    /// <summary>Nowhere.</summary>
    Never,
}
