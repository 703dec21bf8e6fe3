using System.Globalization;
using System.Numerics;
using Fathom.Tokenization.Templates.Execution;
using Fathom.Tokenization.Templates.Values;

namespace Fathom.Tokenization.Templates.Library;

/// <summary>The parameter <c>attribute</c> of filters: <c>"a.b.0"</c> walks down items, several are separated by commas.</summary>
internal static class Selector
{
    /// <summary>A function that reads the attribute; null reads the item itself.</summary>
    public static Func<object?, object?> Of(Rendering run, object? attribute, bool ignoreCase = false, object? ifAbsent = null)
    {
        var steps = Steps(run, attribute);
        return item =>
        {
            foreach (var step in steps)
            {
                item = Lookup.Item(run, item, step);
                item = item is Undefined && ifAbsent is not null ? ifAbsent : item;
            }
            return ignoreCase ? Folded(run, item) : item;
        };
    }

    /// <summary>A function that reads one or several attributes as a list, to sort by.</summary>
    public static Func<object?, object?> OfMany(Rendering run, object? attribute, bool ignoreCase)
    {
        // A list even of one: equal items of it are passed over, so items that have no order may still be equal.
        var getters = attribute is string names
            ? names.Split(',').Select(n => Of(run, n, ignoreCase)).ToArray()
            : [Of(run, attribute, ignoreCase)];
        return item =>
        {
            run.ChargeItems(getters.Length);
            return new SequenceValue([.. getters.Select(g => g(item))]);
        };
    }

    /// <summary>The items in the order of their keys; equal ones keep their order, in reverse too.</summary>
    public static object?[] Sorted(Rendering run, IReadOnlyList<object?> items, Func<object?, object?> key, bool reverse)
    {
        var keys = items.Select(key).ToArray();
        var order = MergeSort.Order(keys.Length, (later, earlier) => Ordering.Holds(run, reverse ? ">" : "<", keys[later], keys[earlier]));
        return [.. order.Select(i => items[i])];
    }

    /// <summary>Text in lower case, anything else as it is.</summary>
    public static object? Folded(Rendering run, object? value)
    {
        if (value is not (string or Markup))
        {
            return value;
        }
        var text = TextValue.Raw(value);
        run.Charge(2L * text.Length);
        return Casing.Lower(text);
    }

    private static object?[] Steps(Rendering run, object? attribute) => attribute switch
    {
        null => [],
        string text => [.. Parts(run, text)],
        _ => [attribute],
    };

    private static IEnumerable<object?> Parts(Rendering run, string text)
    {
        run.Charge(text.Length);
        foreach (var part in text.Split('.'))
        {
            run.ChargeItems(1);
            yield return part.Length is > 0 and < 10 && part.All(char.IsAsciiDigit) ? (BigInteger)int.Parse(part, CultureInfo.InvariantCulture) : part;
        }
    }
}
