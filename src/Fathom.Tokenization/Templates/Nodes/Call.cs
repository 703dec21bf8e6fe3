using Fathom.Tokenization.Templates.Execution;
using Fathom.Tokenization.Templates.Values;

namespace Fathom.Tokenization.Templates.Nodes;

/// <summary><c>a(arguments)</c></summary>
internal sealed class Call(int at, Expression target, CallArguments arguments) : Expression(at)
{
    /// <summary>Calls with one more named argument.</summary>
    public object? Invoke(Rendering run, Scope scope, KeyValuePair<string, object?>? extra = null)
    {
        var callee = target.Evaluate(run, scope);
        var values = arguments.Evaluate(run, scope, extra);
        run.At = At;
        return callee switch
        {
            Callable callable => callable.Call(run, values),
            Undefined undefined => throw run.Fail(undefined),
            _ => throw run.TypeError($"'{TypeName.Of(callee)}' object is not callable"),
        };
    }

    /// <inheritdoc/>
    protected override object? Compute(Rendering run, Scope scope) => Invoke(run, scope);
}
