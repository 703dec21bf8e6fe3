using Fathom.Tokenization.Templates.Execution;
using Fathom.Tokenization.Templates.Values;

namespace Fathom.Tokenization.Templates.Nodes;

/// <summary><c>start:stop:step</c></summary>
internal sealed class Slice(int at, Expression? start, Expression? stop, Expression? step) : Expression(at)
{
    /// <inheritdoc/>
    protected override object? Compute(Rendering run, Scope scope) =>
        new SliceValue(start?.Evaluate(run, scope), stop?.Evaluate(run, scope), step?.Evaluate(run, scope));
}
