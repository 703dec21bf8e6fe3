using Fathom.Tokenization.Templates.Execution;

namespace Fathom.Tokenization.Templates.Nodes;

/// <summary>Text outside of any tag.</summary>
internal sealed class Data(string text, int at) : Statement
{
    /// <inheritdoc/>
    protected override Flow Do(Rendering run, Scope scope)
    {
        run.At = at;
        run.Write(text);
        return Flow.Next;
    }
}
