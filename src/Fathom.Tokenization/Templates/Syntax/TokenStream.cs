namespace Fathom.Tokenization.Templates.Syntax;

/// <summary>Tokens with a place.</summary>
internal sealed class TokenStream(IReadOnlyList<Token> tokens, SyntaxErrors errors)
{
    private int _at;

    /// <summary>The token at the place.</summary>
    public Token Current => tokens[_at];

    /// <summary>The token after it.</summary>
    public Token Ahead => tokens[Math.Min(_at + 1, tokens.Count - 1)];

    /// <summary>Takes the token; the end is never passed.</summary>
    public Token Take()
    {
        var token = tokens[_at];
        _at += token.Kind == TokenKind.End ? 0 : 1;
        return token;
    }

    /// <summary>Takes the punctuation if it is there.</summary>
    public bool Skip(string op)
    {
        var found = Current.Is(op);
        _at += found ? 1 : 0;
        return found;
    }

    /// <summary>Takes the word if it is there.</summary>
    public bool SkipName(string name)
    {
        var found = Current.IsName(name);
        _at += found ? 1 : 0;
        return found;
    }

    /// <summary>Takes a token of a kind.</summary>
    /// <exception cref="ChatTemplateException">It is another.</exception>
    public Token Expect(TokenKind kind, string description) => Current.Kind == kind ? Take() : throw Unexpected(description);

    /// <summary>Takes punctuation.</summary>
    /// <exception cref="ChatTemplateException">Something else is there.</exception>
    public Token Expect(string op) => Current.Is(op) ? Take() : throw Unexpected(op);

    /// <summary>Takes a word.</summary>
    /// <exception cref="ChatTemplateException">Something else is there.</exception>
    public Token ExpectName(string name) => Current.IsName(name) ? Take() : throw Unexpected(name);

    private ChatTemplateException Unexpected(string expected) => Current.Kind == TokenKind.End
        ? errors.At(Current.At, $"unexpected end of template, expected '{expected}'.")
        : errors.At(Current.At, $"expected token '{expected}', got '{Current.Describe()}'");
}
