using System.Numerics;
using Fathom.Tokenization.Templates.Execution;

namespace Fathom.Tokenization.Templates.Values;

/// <summary>Equality as in Python: numbers by value whatever their type, containers item by item.</summary>
internal static class Equality
{
    /// <summary>Whether two values are equal.</summary>
    public static bool AreEqual(Rendering run, object? a, object? b)
    {
        run.Enter();
        var equal = Compare(run, a, b);
        run.Leave();
        return equal;
    }

    private static bool Compare(Rendering run, object? a, object? b)
    {
        switch (a, b)
        {
            case (null, null):
            case (Undefined, Undefined):
                return true;
            case (string or Markup, string or Markup):
                var (x, y) = (TextValue.Raw(a), TextValue.Raw(b));
                run.Scan(Math.Min(x.Length, y.Length));
                return string.Equals(x, y, StringComparison.Ordinal);
            case (SequenceValue s, SequenceValue t):
                return s.IsTuple == t.IsTuple && Items(run, s.Items, t.Items);
            case (MappingValue m, MappingValue n):
                return Mappings(run, m, n);
            case (RangeValue r, RangeValue q):
                return r.Length == q.Length && (r.Length.IsZero || (r.Start == q.Start && (r.Length.IsOne || r.Step == q.Step)));
            case (DictView v, DictView w) when v.TypeName == w.TypeName && v.TypeName != "dict_values":
                return v.Items.Length == w.Items.Length && v.Items.All(i => w.Items.Any(j => AreEqual(run, i, j)));
            default:
                return Numbers.IsNumber(a) && Numbers.IsNumber(b) ? Numbers.AreEqual(a!, b!) : ReferenceEquals(a, b);
        }
    }

    private static bool Items(Rendering run, object?[] a, object?[] b)
    {
        if (a.Length != b.Length)
        {
            return false;
        }
        for (var i = 0; i < a.Length; i++)
        {
            if (!ReferenceEquals(a[i], b[i]) && !AreEqual(run, a[i], b[i]))
            {
                return false;
            }
        }
        return true;
    }

    private static bool Mappings(Rendering run, MappingValue a, MappingValue b) =>
        a.Items.Count == b.Items.Count
        && a.Items.All(i => b.TryGet(run, i.Key, out var other) && AreEqual(run, i.Value, other));
}
