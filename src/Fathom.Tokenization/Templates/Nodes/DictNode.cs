using Fathom.Tokenization.Templates.Execution;
using Fathom.Tokenization.Templates.Values;

namespace Fathom.Tokenization.Templates.Nodes;

/// <summary><c>{key: value}</c></summary>
internal sealed class DictNode(int at, (Expression Key, Expression Value)[] items) : Expression(at)
{
    /// <inheritdoc/>
    protected override object? Compute(Rendering run, Scope scope)
    {
        run.ChargeItems(6L * items.Length);
        MappingValue mapping = new();
        foreach (var (key, value) in items)
        {
            var k = key.Evaluate(run, scope);
            var v = value.Evaluate(run, scope);
            run.At = At;
            mapping.Set(run, k, v);
        }
        return mapping;
    }
}
