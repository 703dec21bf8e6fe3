namespace Fathom.Tokenization.Formats;

/// <summary>What a piece of a SentencePiece model is for.</summary>
internal enum SentencePieceType
{
    /// <summary>A piece of text.</summary>
    Normal = 1,

    /// <summary>Stands for what has no piece.</summary>
    Unknown = 2,

    /// <summary>Never in a text: begin, end, padding.</summary>
    Control = 3,

    /// <summary>Taken whole wherever it stands.</summary>
    UserDefined = 4,

    /// <summary>Left over.</summary>
    Unused = 5,

    /// <summary>One byte.</summary>
    Byte = 6,
}
