using System.Numerics;
using Fathom.Tokenization.Templates.Execution;
using Fathom.Tokenization.Templates.Values;

namespace Fathom.Tokenization.Templates.Library;

/// <summary>Filters about lists as wholes: length, first, join, sort, batch.</summary>
internal static class SequenceFilters
{
    /// <summary>Adds the filters to the table.</summary>
    public static void AddTo(Dictionary<string, Filters.Filter> table)
    {
        table["length"] = (run, v, a) => (BigInteger)Iteration.Count(run, v);
        table["list"] = (run, v, a) => new SequenceValue([.. Charged(run, Iteration.Items(run, v))]);
        table["first"] = (run, v, a) => v is OneShot generator ? (generator.TryTake(out var item) ? item : Empty("first")) : Iteration.Items(run, v) is [var first, ..] ? first : Empty("first");
        table["last"] = (run, v, a) => v is OneShot ? throw run.TypeError("'generator' object is not reversible") : Iteration.Items(run, v) is [.., var last] ? last : Empty("last");
        table["reverse"] = Reverse;
        table["join"] = Join;
        table["sum"] = Sum;
        table["min"] = (run, v, a) => Extreme(run, "min", v, a, "<");
        table["max"] = (run, v, a) => Extreme(run, "max", v, a, ">");
        table["sort"] = Sort;
        table["dictsort"] = DictSort;
        table["items"] = (run, v, a) => v is Undefined ? new OneShot([]) : v is MappingValue mapping
            ? new OneShot(Charged(run, [.. mapping.Items.Select(i => new SequenceValue([i.Key, i.Value], isTuple: true))]))
            : throw run.TypeError("Can only get item pairs from a mapping.");
        table["batch"] = Batch;
        table["slice"] = Slice;
    }

    private static IReadOnlyList<object?> Charged(Rendering run, IReadOnlyList<object?> items)
    {
        run.ChargeItems(items.Count);
        return items;
    }

    private static Undefined Empty(string which) => Undefined.Because($"No {which} item, sequence was empty.");

    private static object Reverse(Rendering run, object? value, Arguments arguments)
    {
        if (value is string or Markup)
        {
            var reversed = Lookup.Item(run, value, new SliceValue(null, null, BigInteger.MinusOne))!;
            return reversed;
        }
        return new OneShot([.. Charged(run, Iteration.Items(run, value)).Reverse()]);
    }

    private static object Join(Rendering run, object? value, Arguments arguments)
    {
        var bound = arguments.Bind(run, "join", 0, "d", "attribute");
        var separator = bound.Has(0) ? TextValue.Of(run, bound[0]) : "";
        var key = Selector.Of(run, bound[1]);
        List<string> texts = [];
        foreach (var item in Iteration.Items(run, value))
        {
            var text = TextValue.Of(run, key(item));
            run.Charge(text.Length + separator.Length);
            texts.Add(text);
        }
        return string.Join(separator, texts);
    }

    private static object? Sum(Rendering run, object? value, Arguments arguments)
    {
        var bound = arguments.Bind(run, "sum", 0, "attribute", "start");
        var key = Selector.Of(run, bound[0]);
        var sum = bound.Has(1) ? bound[1] : BigInteger.Zero;
        foreach (var item in Iteration.Items(run, value))
        {
            sum = Arithmetic.Apply(run, "+", sum, key(item));
        }
        return sum;
    }

    private static object? Extreme(Rendering run, string name, object? value, Arguments arguments, string better)
    {
        var bound = arguments.Bind(run, name, 0, "case_sensitive", "attribute");
        var key = Selector.Of(run, bound[1], ignoreCase: !bound.Flag(0, false));
        var items = Iteration.Items(run, value);
        if (items.Count == 0)
        {
            return Undefined.Because("No aggregated item, sequence was empty.");
        }
        var (best, bestKey) = (items[0], key(items[0]));
        foreach (var item in items.Skip(1))
        {
            var itemKey = key(item);
            if (Ordering.Holds(run, better, itemKey, bestKey))
            {
                (best, bestKey) = (item, itemKey);
            }
        }
        return best;
    }

    private static object Sort(Rendering run, object? value, Arguments arguments)
    {
        var bound = arguments.Bind(run, "sort", 0, "reverse", "case_sensitive", "attribute");
        var key = Selector.OfMany(run, bound[2], ignoreCase: !bound.Flag(1, false));
        return new SequenceValue(Selector.Sorted(run, Charged(run, Iteration.Items(run, value)), key, Reversed(run, bound, 0)));
    }

    private static bool Reversed(Rendering run, Arguments.Bound bound, int index) => bound.Has(index)
        && (Numbers.TryInteger(bound[index], out var flag) ? !flag.IsZero : throw run.TypeError($"'{TypeName.Of(bound[index])}' object cannot be interpreted as an integer"));

    private static object DictSort(Rendering run, object? value, Arguments arguments)
    {
        var bound = arguments.Bind(run, "dictsort", 0, "case_sensitive", "by", "reverse");
        var place = bound.Text(1, "key") switch { "key" => 0, "value" => 1, _ => throw run.ValueError("You can only sort by either \"key\" or \"value\"") };
        if (value is not MappingValue mapping)
        {
            throw value is Undefined undefined ? run.Fail(undefined) : run.TypeError($"'{TypeName.Of(value)}' object has no attribute 'items'");
        }
        var pick = Selector.Of(run, (BigInteger)place, ignoreCase: !bound.Flag(0, false));
        object?[] pairs = [.. mapping.Items.Select(i => new SequenceValue([i.Key, i.Value], isTuple: true))];
        return new SequenceValue(Selector.Sorted(run, Charged(run, pairs), pick, Reversed(run, bound, 2)));
    }

    private static object Batch(Rendering run, object? value, Arguments arguments)
    {
        var bound = arguments.Bind(run, "batch", 1, "linecount", "fill_with");
        var size = bound.Integer(0, 1);
        List<object?> batches = [];
        List<object?> current = [];
        foreach (var item in Charged(run, Iteration.Items(run, value)))
        {
            if (current.Count == size)
            {
                batches.Add(new SequenceValue([.. current]));
                current.Clear();
            }
            current.Add(item);
        }
        if (current.Count > 0)
        {
            var missing = bound[1] is null ? 0 : Math.Max(0, size - current.Count);
            run.ChargeItems(missing);
            batches.Add(new SequenceValue([.. current, .. Enumerable.Repeat(bound[1], missing)]));
        }
        return new OneShot(batches);
    }

    private static object Slice(Rendering run, object? value, Arguments arguments)
    {
        var bound = arguments.Bind(run, "slice", 1, "slices", "fill_with");
        var slices = bound.Integer(0, 1);
        var items = Charged(run, Iteration.Items(run, value));
        if (slices == 0)
        {
            throw run.ValueError("integer division or modulo by zero");
        }
        run.ChargeItems(Math.Max(0, slices));
        var (each, extra) = slices < 0 ? (0, 0) : (items.Count / slices, items.Count % slices);
        List<object?> parts = [];
        var at = 0;
        for (var i = 0; i < slices; i++)
        {
            var size = each + (i < extra ? 1 : 0);
            object?[] fill = bound[1] is not null && i >= extra ? [bound[1]] : [];
            parts.Add(new SequenceValue([.. items.Skip(at).Take(size), .. fill]));
            at += size;
        }
        return new OneShot(parts);
    }
}
