using Fathom.Tokenization.Templates.Execution;

namespace Fathom.Tokenization.Templates.Nodes;

/// <summary><c>{% set target %}text{% endset %}</c>, optionally through filters.</summary>
internal sealed class SetBlock(Target target, Captured text, Func<Expression, Expression>? filter) : Statement
{
    private readonly Expression _value = filter is null ? text : filter(text);

    /// <inheritdoc/>
    protected override Flow Do(Rendering run, Scope scope)
    {
        target.Assign(run, scope, _value.Evaluate(run, scope));
        return Flow.Next;
    }
}
