using Fathom.Tokenization.Templates.Execution;
using Fathom.Tokenization.Templates.Values;

namespace Fathom.Tokenization.Templates.Nodes;

/// <summary><c>{% if %}</c> with its <c>elif</c> branches and its <c>else</c>; it opens no scope.</summary>
internal sealed class If((Expression Test, Block Body)[] branches, Block? otherwise) : Statement
{
    /// <inheritdoc/>
    protected override Flow Do(Rendering run, Scope scope)
    {
        foreach (var (test, body) in branches)
        {
            if (Truth.Of(run, test.Evaluate(run, scope)))
            {
                return body.Execute(run, scope);
            }
        }
        return otherwise?.Execute(run, scope) ?? Flow.Next;
    }
}
