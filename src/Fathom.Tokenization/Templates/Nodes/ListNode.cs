using Fathom.Tokenization.Templates.Execution;
using Fathom.Tokenization.Templates.Values;

namespace Fathom.Tokenization.Templates.Nodes;

/// <summary><c>[a, b]</c> or <c>(a, b)</c></summary>
internal sealed class ListNode(int at, Expression[] items, bool isTuple) : Expression(at)
{
    /// <inheritdoc/>
    protected override object? Compute(Rendering run, Scope scope)
    {
        run.ChargeItems(items.Length);
        return new SequenceValue(Array.ConvertAll(items, i => i.Evaluate(run, scope)), isTuple);
    }
}
