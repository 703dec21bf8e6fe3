using Fathom.Tokenization.Templates.Execution;
using Fathom.Tokenization.Templates.Values;

namespace Fathom.Tokenization.Templates.Nodes;

/// <summary>A macro with the scope it was defined in.</summary>
internal sealed class MacroValue(Macro macro, Scope definedIn) : Callable, IAttributes
{
    /// <inheritdoc/>
    public override string Name => macro.Name;

    /// <inheritdoc cref="Callable.TypeName"/>
    public override string TypeName => "Macro";

    /// <inheritdoc/>
    public bool TryGetAttribute(Rendering run, string name, out object? value)
    {
        value = name switch
        {
            "name" => macro.Name,
            "arguments" => new SequenceValue([.. macro.Parameters.Select(p => p.Name)], isTuple: true),
            "caller" => macro.Uses.Contains("caller"),
            "catch_varargs" => macro.Uses.Contains("varargs"),
            "catch_kwargs" => macro.Uses.Contains("kwargs"),
            _ => this,
        };
        return !ReferenceEquals(value, this);
    }

    /// <inheritdoc/>
    public override object? Call(Rendering run, Arguments arguments)
    {
        var calledAt = run.At;
        Scope scope = new(definedIn);
        Bind(run, scope, arguments);
        var text = run.Capture(() => macro.Body.Execute(run, scope));
        run.At = calledAt;
        return text;
    }

    private void Bind(Rendering run, Scope scope, Arguments arguments)
    {
        var named = arguments.Named.ToDictionary(n => n.Key, n => n.Value, StringComparer.Ordinal);
        for (var i = 0; i < macro.Parameters.Length; i++)
        {
            var (name, ifAbsent) = macro.Parameters[i];
            if (i < arguments.Positional.Count)
            {
                scope.Set(name, arguments.Positional[i]);
            }
            else if (named.Remove(name, out var value))
            {
                scope.Set(name, value);
            }
            else
            {
                scope.Set(name, ifAbsent is null ? Undefined.Parameter(name) : ifAbsent.Evaluate(run, scope));
            }
        }
        if (macro.Uses.Contains("caller"))
        {
            scope.Set("caller", named.Remove("caller", out var caller) ? caller : Undefined.Because("No caller defined"));
        }
        if (macro.Uses.Contains("kwargs"))
        {
            MappingValue rest = new();
            foreach (var (name, value) in arguments.Named.Where(n => named.ContainsKey(n.Key)))
            {
                rest.Set(run, name, value);
            }
            scope.Set("kwargs", rest);
        }
        else if (named.Count > 0)
        {
            var name = named.Keys.First();
            throw run.TypeError(name == "caller"
                ? $"macro {TextRepr.Quote(macro.Name)} was invoked with two values for the special caller argument. This is most likely a bug."
                : $"macro {TextRepr.Quote(macro.Name)} takes no keyword argument {TextRepr.Quote(name)}", Nearest.Suggest(name, macro.Parameters.Select(p => p.Name)));
        }
        var extra = arguments.Positional.Skip(macro.Parameters.Length).ToArray();
        if (macro.Uses.Contains("varargs"))
        {
            scope.Set("varargs", new SequenceValue(extra, isTuple: true));
        }
        else if (extra.Length > 0)
        {
            throw run.TypeError($"macro {TextRepr.Quote(macro.Name)} takes not more than {macro.Parameters.Length} argument(s)");
        }
    }
}
