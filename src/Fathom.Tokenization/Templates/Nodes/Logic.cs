using Fathom.Tokenization.Templates.Execution;
using Fathom.Tokenization.Templates.Values;

namespace Fathom.Tokenization.Templates.Nodes;

/// <summary><c>a and b</c>, <c>a or b</c>: the value that decides, the rest is not evaluated.</summary>
internal sealed class Logic(Expression[] parts, bool isAnd) : Expression(parts[0].At)
{
    /// <inheritdoc/>
    protected override object? Compute(Rendering run, Scope scope)
    {
        object? value = null;
        foreach (var part in parts)
        {
            value = part.Evaluate(run, scope);
            if (Truth.Of(run, value) != isAnd)
            {
                return value;
            }
        }
        return value;
    }
}
