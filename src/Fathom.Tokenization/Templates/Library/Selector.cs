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

    /// <summary>A function that reads one attribute or, as a list, several.</summary>
    public static Func<object?, object?> OfMany(Rendering run, object? attribute, bool ignoreCase)
    {
        if (attribute is not string names || !names.Contains(',', StringComparison.Ordinal))
        {
            return Of(run, attribute, ignoreCase);
        }
        var getters = names.Split(',').Select(n => Of(run, n, ignoreCase)).ToArray();
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
        var comparer = Comparer<object?>.Create((a, b) => Ordering.Compare(run, a, b));
        var order = Enumerable.Range(0, keys.Length);
        return [.. (reverse ? order.OrderByDescending(i => keys[i], comparer) : order.OrderBy(i => keys[i], comparer)).Select(i => items[i])];
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
        _ when Numbers.TryInteger(attribute, out _) => [attribute],
        _ => throw run.TypeError($"an attribute must be a name or a number, not {TypeName.Of(attribute)}"),
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
