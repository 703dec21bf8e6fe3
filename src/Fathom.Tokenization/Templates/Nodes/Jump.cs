using Fathom.Tokenization.Templates.Execution;

namespace Fathom.Tokenization.Templates.Nodes;

/// <summary><c>{% break %}</c> and <c>{% continue %}</c></summary>
internal sealed class Jump(Flow flow) : Statement
{
    /// <inheritdoc/>
    protected override Flow Do(Rendering run, Scope scope) => flow;
}
