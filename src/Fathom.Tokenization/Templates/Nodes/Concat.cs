using Fathom.Tokenization.Templates.Execution;
using Fathom.Tokenization.Templates.Values;

namespace Fathom.Tokenization.Templates.Nodes;

/// <summary><c>a ~ b ~ c</c></summary>
internal sealed class Concat(Expression[] parts) : Expression(parts[0].At)
{
    /// <inheritdoc/>
    protected override object? Compute(Rendering run, Scope scope)
    {
        var values = Array.ConvertAll(parts, p => p.Evaluate(run, scope));
        run.At = At;
        return Concatenation.Tilde(run, values);
    }
}
