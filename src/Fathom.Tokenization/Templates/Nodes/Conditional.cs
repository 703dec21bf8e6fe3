using Fathom.Tokenization.Templates.Execution;
using Fathom.Tokenization.Templates.Values;

namespace Fathom.Tokenization.Templates.Nodes;

/// <summary><c>a if test else b</c></summary>
internal sealed class Conditional(int at, Expression test, Expression then, Expression? otherwise) : Expression(at)
{
    /// <inheritdoc/>
    protected override object? Compute(Rendering run, Scope scope)
    {
        if (Truth.Of(run, test.Evaluate(run, scope)))
        {
            return then.Evaluate(run, scope);
        }
        return otherwise is null
            ? Undefined.Because(() => $"the inline if-expression on line {run.LineOf(At)} evaluated to false and no else section was defined.")
            : otherwise.Evaluate(run, scope);
    }
}
