using Fathom.Tokenization.Templates.Execution;
using Fathom.Tokenization.Templates.Values;

namespace Fathom.Tokenization.Templates.Nodes;

/// <summary><c>{{ expression }}</c></summary>
internal sealed class Output(Expression value) : Statement
{
    /// <inheritdoc/>
    protected override Flow Do(Rendering run, Scope scope)
    {
        var result = value.Evaluate(run, scope);
        run.At = value.At;
        run.Write(TextValue.Of(run, result));
        return Flow.Next;
    }
}
