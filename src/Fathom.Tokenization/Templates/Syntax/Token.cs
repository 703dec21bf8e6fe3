namespace Fathom.Tokenization.Templates.Syntax;

/// <summary>A piece of the template: its kind, its text (the value of a string, the characters otherwise) and where it starts.</summary>
internal readonly record struct Token(TokenKind Kind, string Text, int At)
{
    /// <summary>Whether it is this punctuation.</summary>
    public bool Is(string op) => Kind == TokenKind.Operator && Text == op;

    /// <summary>Whether it is this word.</summary>
    public bool IsName(string name) => Kind == TokenKind.Name && Text == name;

    /// <summary>What the reference calls it in a message.</summary>
    public string Describe() => Kind switch
    {
        TokenKind.Data => "template data / text",
        TokenKind.PrintBegin => "begin of print statement",
        TokenKind.PrintEnd => "end of print statement",
        TokenKind.BlockBegin => "begin of statement block",
        TokenKind.BlockEnd => "end of statement block",
        TokenKind.String => "string",
        TokenKind.Integer => "integer",
        TokenKind.Float => "float",
        TokenKind.End => "end of template",
        _ => Text,
    };
}
