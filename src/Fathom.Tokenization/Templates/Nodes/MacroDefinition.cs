using Fathom.Tokenization.Templates.Execution;

namespace Fathom.Tokenization.Templates.Nodes;

/// <summary><c>{% macro name(parameters) %}</c></summary>
internal sealed class MacroDefinition(Macro macro) : Statement
{
    /// <inheritdoc/>
    protected override Flow Do(Rendering run, Scope scope)
    {
        scope.Set(macro.Name, new MacroValue(macro, scope));
        return Flow.Next;
    }
}
