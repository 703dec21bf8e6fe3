using Fathom.Tokenization.Templates.Execution;

namespace Fathom.Tokenization.Templates.Syntax;

/// <summary>Makes the errors of lexer and parser.</summary>
internal sealed class SyntaxErrors(string source)
{
    /// <summary>A syntax error.</summary>
    public ChatTemplateException At(int offset, string reason, string? suggestion = null, ChatTemplateFault fault = ChatTemplateFault.Syntax)
    {
        var (line, column) = SourcePosition.Of(source, offset);
        return new ChatTemplateException(fault, reason, line, column, suggestion);
    }
}
