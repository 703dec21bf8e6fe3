using Fathom.Tokenization.Templates.Execution;
using Fathom.Tokenization.Templates.Library;

namespace Fathom.Tokenization.Templates.Nodes;

/// <summary><c>a | name(arguments)</c></summary>
internal sealed class FilterNode(int at, Expression value, string name, CallArguments arguments) : Expression(at)
{
    /// <inheritdoc/>
    protected override object? Compute(Rendering run, Scope scope)
    {
        var operand = value.Evaluate(run, scope);
        var values = arguments.Evaluate(run, scope);
        run.At = At;
        if (!Filters.Exists(name))
        {
            throw run.Fail(ChatTemplateFault.UnknownName, $"No filter named '{name}' found.", Nearest.Suggest(name, Filters.Names));
        }
        return Filters.Apply(run, name, operand, values);
    }
}
