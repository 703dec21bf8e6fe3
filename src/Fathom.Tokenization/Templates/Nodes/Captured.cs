using Fathom.Tokenization.Templates.Execution;

namespace Fathom.Tokenization.Templates.Nodes;

/// <summary>What a block of statements writes, as a value; the block has a scope of its own.</summary>
internal sealed class Captured(int at, Block body) : Expression(at)
{
    /// <inheritdoc/>
    protected override object? Compute(Rendering run, Scope scope) => run.Capture(() => body.Execute(run, new Scope(scope)));
}
