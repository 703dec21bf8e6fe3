using Fathom.Tokenization.Templates.Execution;
using Fathom.Tokenization.Templates.Values;

namespace Fathom.Tokenization.Templates.Nodes;

/// <summary><c>{% call(x) macro() %}body{% endcall %}</c>: the macro gets the body as <c>caller</c>.</summary>
internal sealed class CallBlock(Call call, Macro caller) : Statement
{
    /// <inheritdoc/>
    protected override Flow Do(Rendering run, Scope scope)
    {
        var result = call.Invoke(run, scope, new("caller", new MacroValue(caller, scope)));
        run.Write(TextValue.Of(run, result));
        return Flow.Next;
    }
}
