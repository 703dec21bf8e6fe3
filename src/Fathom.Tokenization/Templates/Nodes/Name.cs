using Fathom.Tokenization.Templates.Execution;
using Fathom.Tokenization.Templates.Values;

namespace Fathom.Tokenization.Templates.Nodes;

/// <summary>A variable.</summary>
internal sealed class Name(int at, string text) : Expression(at)
{
    /// <inheritdoc/>
    protected override object? Compute(Rendering run, Scope scope) => scope.TryGet(text, out var value) ? value : Undefined.Variable(text, scope);
}
