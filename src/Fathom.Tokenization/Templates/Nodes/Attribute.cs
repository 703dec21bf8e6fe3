using Fathom.Tokenization.Templates.Execution;
using Fathom.Tokenization.Templates.Values;

namespace Fathom.Tokenization.Templates.Nodes;

/// <summary><c>a.name</c></summary>
internal sealed class Attribute(int at, Expression owner, string name) : Expression(at)
{
    /// <inheritdoc/>
    protected override object? Compute(Rendering run, Scope scope)
    {
        var value = owner.Evaluate(run, scope);
        run.At = At;
        return Lookup.Attribute(run, value, name);
    }
}
