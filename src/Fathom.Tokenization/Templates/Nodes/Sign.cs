using Fathom.Tokenization.Templates.Execution;
using Fathom.Tokenization.Templates.Values;

namespace Fathom.Tokenization.Templates.Nodes;

/// <summary><c>-a</c> and <c>+a</c></summary>
internal sealed class Sign(int at, bool isMinus, Expression operand) : Expression(at)
{
    /// <inheritdoc/>
    protected override object? Compute(Rendering run, Scope scope)
    {
        var value = operand.Evaluate(run, scope);
        run.At = At;
        return Arithmetic.Sign(run, isMinus, value);
    }
}
