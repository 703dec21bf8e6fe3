using Fathom.Tokenization.Templates.Execution;

namespace Fathom.Tokenization.Templates.Nodes;

/// <summary>A part of the template that has a value.</summary>
internal abstract class Expression(int at)
{
    /// <summary>Offset in the template text, for messages.</summary>
    public int At => at;

    /// <summary>The value, within the budget of the rendering.</summary>
    public object? Evaluate(Rendering run, Scope scope)
    {
        run.Enter();
        var value = Compute(run, scope);
        run.Leave();
        return value;
    }

    /// <summary>The value.</summary>
    protected abstract object? Compute(Rendering run, Scope scope);
}
