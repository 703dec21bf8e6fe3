using Fathom.Tokenization.Templates.Execution;

namespace Fathom.Tokenization.Templates.Nodes;

/// <summary>A number, a text, true, false or none.</summary>
internal sealed class Constant(int at, object? value) : Expression(at)
{
    /// <inheritdoc/>
    protected override object? Compute(Rendering run, Scope scope) => value;
}
