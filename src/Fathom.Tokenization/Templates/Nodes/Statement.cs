using Fathom.Tokenization.Templates.Execution;

namespace Fathom.Tokenization.Templates.Nodes;

/// <summary>A part of the template that does something.</summary>
internal abstract class Statement
{
    /// <summary>Does it, within the budget of the rendering.</summary>
    public Flow Execute(Rendering run, Scope scope)
    {
        run.Enter();
        var flow = Do(run, scope);
        run.Leave();
        return flow;
    }

    /// <summary>Does it.</summary>
    protected abstract Flow Do(Rendering run, Scope scope);
}
