using Fathom.Tokenization.Templates.Execution;
using Fathom.Tokenization.Templates.Values;

namespace Fathom.Tokenization.Templates.Nodes;

/// <summary>The arguments of a call as written: by place, by name, <c>*list</c>, <c>**dict</c>.</summary>
internal sealed record CallArguments(Expression[] Positional, (string Name, Expression Value)[] Named, Expression? List, Expression? Dictionary)
{
    /// <summary>No arguments.</summary>
    public static CallArguments None { get; } = new([], [], null, null);

    /// <summary>The values.</summary>
    public Arguments Evaluate(Rendering run, Scope scope, KeyValuePair<string, object?>? extra = null)
    {
        if (extra is null && this == None)
        {
            return Arguments.None;
        }
        run.ChargeItems(Positional.Length + (2 * Named.Length));
        List<object?> positional = [.. Positional.Select(p => p.Evaluate(run, scope))];
        List<KeyValuePair<string, object?>> named = [.. Named.Select(n => KeyValuePair.Create(n.Name, n.Value.Evaluate(run, scope)))];
        if (List?.Evaluate(run, scope) is { } list)
        {
            var items = Iteration.Items(run, list);
            run.ChargeItems(items.Count);
            positional.AddRange(items);
        }
        if (Dictionary?.Evaluate(run, scope) is { } dictionary)
        {
            named.AddRange(Spread(run, dictionary));
        }
        if (extra is { } last)
        {
            named.Add(last);
        }
        var twice = named.GroupBy(n => n.Key, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1)?.Key;
        return twice is null ? new Arguments(positional, named) : throw run.TypeError($"got multiple values for keyword argument '{twice}'");
    }

    private static IEnumerable<KeyValuePair<string, object?>> Spread(Rendering run, object value)
    {
        if (value is not MappingValue mapping)
        {
            throw value is Undefined undefined ? run.Fail(undefined) : run.TypeError($"argument after ** must be a mapping, not {TypeName.Of(value)}");
        }
        run.ChargeItems(2L * mapping.Items.Count);
        return mapping.Items.Select(i => KeyValuePair.Create(i.Key as string ?? throw run.TypeError("keywords must be strings"), i.Value));
    }
}
