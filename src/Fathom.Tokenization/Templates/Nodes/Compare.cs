using Fathom.Tokenization.Templates.Execution;
using Fathom.Tokenization.Templates.Values;

namespace Fathom.Tokenization.Templates.Nodes;

/// <summary>Comparisons; <c>a &lt; b &lt; c</c> means both, as in Python.</summary>
internal sealed class Compare(Expression first, (string Op, Expression Operand, int At)[] rest) : Expression(first.At)
{
    /// <inheritdoc/>
    protected override object? Compute(Rendering run, Scope scope)
    {
        var left = first.Evaluate(run, scope);
        foreach (var (op, operand, at) in rest)
        {
            var right = operand.Evaluate(run, scope);
            run.At = at;
            var holds = op switch
            {
                "==" => Equality.AreEqual(run, left, right),
                "!=" => !Equality.AreEqual(run, left, right),
                "in" => Iteration.Contains(run, right, left),
                "not in" => !Iteration.Contains(run, right, left),
                _ => Ordering.Holds(run, op, left, right),
            };
            if (!holds)
            {
                return false;
            }
            left = right;
        }
        return true;
    }
}
