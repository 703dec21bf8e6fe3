using Fathom.Tokenization.Templates.Execution;

namespace Fathom.Tokenization.Templates.Nodes;

/// <summary><c>{% with a = 1 %}</c>, and any block whose assignments stay inside it.</summary>
internal sealed class With((Target Target, Expression Value)[] assignments, Block body) : Statement
{
    /// <inheritdoc/>
    protected override Flow Do(Rendering run, Scope scope)
    {
        Scope inner = new(scope);
        foreach (var (target, value) in assignments)
        {
            // Values see the names outside, not the ones assigned beside them.
            target.Assign(run, inner, value.Evaluate(run, scope));
        }
        return body.Execute(run, inner);
    }
}
