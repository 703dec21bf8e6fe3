using Fathom.Tokenization.Templates.Execution;
using Fathom.Tokenization.Templates.Values;

namespace Fathom.Tokenization.Templates.Nodes;

/// <summary><c>not a</c></summary>
internal sealed class Not(int at, Expression operand) : Expression(at)
{
    /// <inheritdoc/>
    protected override object? Compute(Rendering run, Scope scope) => !Truth.Of(run, operand.Evaluate(run, scope));
}
