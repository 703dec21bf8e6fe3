using Fathom.Tokenization.Templates.Execution;
using Fathom.Tokenization.Templates.Values;

namespace Fathom.Tokenization.Templates.Nodes;

/// <summary><c>a[key]</c></summary>
internal sealed class Subscript(int at, Expression owner, Expression key) : Expression(at)
{
    /// <inheritdoc/>
    protected override object? Compute(Rendering run, Scope scope)
    {
        var value = owner.Evaluate(run, scope);
        var item = key.Evaluate(run, scope);
        run.At = At;
        return Lookup.Item(run, value, item);
    }
}
