namespace Fathom.Tokenization.Unicode;

/// <summary>The kinds of character that the well-known splitting patterns tell apart.</summary>
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

    /// <summary>Half of a surrogate pair: the class is that of the scalar.</summary>
    Half,
}
