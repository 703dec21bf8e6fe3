namespace Fathom.Tokenization.Unicode;

/// <summary>The four kinds of character that the well-known splitting patterns tell apart.</summary>
internal enum LetterClass : byte
{
    /// <summary>Neither white space, letter nor number.</summary>
    Other,

    /// <summary><c>\p{L}</c>.</summary>
    Letter,

    /// <summary><c>\p{N}</c>.</summary>
    Number,

    /// <summary><c>\s</c>.</summary>
    Space,
}
