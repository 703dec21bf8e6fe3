using Fathom.Tokenization.Templates.Execution;

namespace Fathom.Tokenization.Templates.Nodes;

/// <summary>Statements one after the other.</summary>
internal sealed class Block(Statement[] statements) : Statement
{
    /// <inheritdoc/>
    protected override Flow Do(Rendering run, Scope scope)
    {
        foreach (var statement in statements)
        {
            var flow = statement.Execute(run, scope);
            if (flow != Flow.Next)
            {
                return flow;
            }
        }
        return Flow.Next;
    }
}
