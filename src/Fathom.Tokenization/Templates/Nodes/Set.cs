using Fathom.Tokenization.Templates.Execution;
using Fathom.Tokenization.Templates.Values;

namespace Fathom.Tokenization.Templates.Nodes;

/// <summary><c>{% set target = value %}</c></summary>
internal sealed class Set(Target target, Expression value) : Statement
{
    /// <inheritdoc/>
    protected override Flow Do(Rendering run, Scope scope)
    {
        target.Assign(run, scope, value.Evaluate(run, scope));
        return Flow.Next;
    }
}
