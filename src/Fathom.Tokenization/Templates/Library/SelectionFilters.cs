using Fathom.Tokenization.Templates.Execution;
using Fathom.Tokenization.Templates.Values;

namespace Fathom.Tokenization.Templates.Library;

/// <summary>Filters that look at each item: map, select, unique, groupby.</summary>
internal static class SelectionFilters
{
    private static readonly string[] GroupFields = ["grouper", "list"];

    /// <summary>Adds the filters to the table.</summary>
    public static void AddTo(Dictionary<string, Filters.Filter> table)
    {
        table["map"] = Map;
        table["select"] = (run, v, a) => Select(run, v, a, byAttribute: false, keep: true);
        table["reject"] = (run, v, a) => Select(run, v, a, byAttribute: false, keep: false);
        table["selectattr"] = (run, v, a) => Select(run, v, a, byAttribute: true, keep: true);
        table["rejectattr"] = (run, v, a) => Select(run, v, a, byAttribute: true, keep: false);
        table["unique"] = Unique;
        table["groupby"] = GroupBy;
    }

    private static object Map(Rendering run, object? value, Arguments arguments)
    {
        // As in the reference, nothing is checked where there is nothing to do.
        if (!Truth.Of(run, value))
        {
            return new OneShot([]);
        }
        var items = Iteration.Items(run, value);
        run.ChargeItems(items.Count);
        Func<object?, object?> map;
        if (arguments.Positional.Count == 0 && arguments.Named.Any(n => n.Key == "attribute"))
        {
            var bound = arguments.Bind(run, "map", 0, "attribute", "default");
            map = Selector.Of(run, bound[0], ifAbsent: bound[1]);
        }
        else
        {
            var name = Name(run, arguments, 0) ?? throw run.TypeError("map requires a filter argument");
            var rest = arguments.Skip(1);
            map = item => Filters.Apply(run, name, item, rest);
        }
        return new OneShot([.. items.Select(map)]);
    }

    private static object Select(Rendering run, object? value, Arguments arguments, bool byAttribute, bool keep)
    {
        if (!Truth.Of(run, value))
        {
            return new OneShot([]);
        }
        if (byAttribute && arguments.Positional.Count == 0)
        {
            throw run.TypeError("Missing parameter for attribute name");
        }
        var read = Selector.Of(run, byAttribute ? arguments.Positional[0] : null);
        var at = byAttribute ? 1 : 0;
        var name = Name(run, arguments, at);
        var rest = arguments.Skip(at + 1);
        var items = Iteration.Items(run, value);
        run.ChargeItems(items.Count);
        return new OneShot([.. items.Where(item => (name is null ? Truth.Of(run, read(item)) : Tests.Apply(run, name, read(item), rest)) == keep)]);
    }

    private static string? Name(Rendering run, Arguments arguments, int at) => at >= arguments.Positional.Count ? null
        : arguments.Positional[at] as string ?? throw run.TypeError($"the name of a filter or test must be text, not {TypeName.Of(arguments.Positional[at])}");

    private static object Unique(Rendering run, object? value, Arguments arguments)
    {
        var bound = arguments.Bind(run, "unique", 0, "case_sensitive", "attribute");
        var key = Selector.Of(run, bound[1], ignoreCase: !bound.Flag(0, false));
        HashSet<HashKey> seen = [];
        var items = Iteration.Items(run, value);
        run.ChargeItems(4L * items.Count);
        return new OneShot([.. items.Where(item => seen.Add(HashKey.Of(run, key(item))))]);
    }

    private static object GroupBy(Rendering run, object? value, Arguments arguments)
    {
        var bound = arguments.Bind(run, "groupby", 1, "attribute", "default", "case_sensitive");
        var folded = !bound.Flag(2, false);
        var exact = Selector.Of(run, bound[0], ifAbsent: bound[1]);
        var key = Selector.Of(run, bound[0], ignoreCase: folded, ifAbsent: bound[1]);
        var sorted = Selector.Sorted(run, Iteration.Items(run, value), key, reverse: false);
        run.ChargeItems(4L * sorted.Length);
        List<object?> groups = [];
        List<object?> current = [];
        for (var i = 0; i < sorted.Length; i++)
        {
            current.Add(sorted[i]);
            if (i + 1 == sorted.Length || !Equality.AreEqual(run, key(sorted[i]), key(sorted[i + 1])))
            {
                groups.Add(new SequenceValue([folded ? exact(current[0]) : key(current[0]), new SequenceValue([.. current])], isTuple: true, GroupFields));
                current.Clear();
            }
        }
        return new SequenceValue([.. groups]);
    }
}
