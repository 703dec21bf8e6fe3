using Fathom.Tokenization.Templates.Execution;
using Fathom.Tokenization.Templates.Values;

namespace Fathom.Tokenization.Templates.Nodes;

/// <summary>Operators of one level, applied from left to right without recursion: <c>a + b - c</c>.</summary>
internal sealed class Chain(Expression first, (string Op, Expression Operand, int At)[] rest) : Expression(first.At)
{
    /// <inheritdoc/>
    protected override object? Compute(Rendering run, Scope scope)
    {
        var value = first.Evaluate(run, scope);
        foreach (var (op, operand, at) in rest)
        {
            var right = operand.Evaluate(run, scope);
            run.At = at;
            value = Arithmetic.Apply(run, op, value, right);
        }
        return value;
    }
}
