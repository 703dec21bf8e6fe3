using Fathom.Tokenization.Templates.Execution;
using Fathom.Tokenization.Templates.Library;

namespace Fathom.Tokenization.Templates.Nodes;

/// <summary><c>a is name(arguments)</c></summary>
internal sealed class TestNode(int at, Expression value, string name, CallArguments arguments) : Expression(at)
{
    /// <inheritdoc/>
    protected override object? Compute(Rendering run, Scope scope)
    {
        var operand = value.Evaluate(run, scope);
        var values = arguments.Evaluate(run, scope);
        run.At = At;
        if (!Tests.Exists(name))
        {
            throw run.Fail(ChatTemplateFault.UnknownName, $"No test named '{name}' found.", Nearest.Suggest(name, Tests.Names));
        }
        return Tests.Apply(run, name, operand, values);
    }
}
