using System.Numerics;
using Fathom.Tokenization.Templates.Execution;
using Fathom.Tokenization.Templates.Library;

namespace Fathom.Tokenization.Templates.Values;

/// <summary>Attributes and items: <c>a.b</c> looks for a method first, <c>a['b']</c> for an item first, as in the reference.</summary>
internal static class Lookup
{
    /// <summary>Evaluates <c>owner.name</c>.</summary>
    public static object? Attribute(Rendering run, object? owner, string name)
    {
        run.Step();
        if (owner is Undefined undefined)
        {
            throw run.Fail(undefined);
        }
        if (TryMember(run, owner, name, out var member))
        {
            return member;
        }
        return owner is MappingValue mapping && mapping.TryGet(run, name, out var value) ? value : Undefined.Attribute(owner, name);
    }

    /// <summary>Evaluates the filter <c>attr</c>, which never looks at items.</summary>
    public static object? MemberOnly(Rendering run, object? owner, string name) =>
        TryMember(run, owner, name, out var member) ? member : Undefined.Attribute(owner, name);

    /// <summary>Evaluates <c>owner[key]</c>.</summary>
    public static object? Item(Rendering run, object? owner, object? key)
    {
        run.Step();
        if (owner is Undefined undefined)
        {
            throw run.Fail(undefined);
        }
        if (key is SliceValue && owner is not (string or Markup or SequenceValue or RangeValue))
        {
            throw run.TypeError(owner is MappingValue ? "unhashable type: 'slice'" : $"'{TypeName.Of(owner)}' object is not subscriptable");
        }
        if (TryItem(run, owner, key, out var item))
        {
            return item;
        }
        if (key is string or Markup)
        {
            var name = TextValue.Raw(key);
            return TryMember(run, owner, name, out var member) ? member : Undefined.Attribute(owner, name);
        }
        return Undefined.Element(owner, key is Callable ? "callable" : TextValue.Repr(run, key));
    }

    private static bool TryItem(Rendering run, object? owner, object? key, out object? item)
    {
        item = null;
        if (owner is MappingValue mapping)
        {
            return key is not (MappingValue or SequenceValue { IsTuple: false } or SliceValue or DictView) && mapping.TryGet(run, key, out item);
        }
        if (owner is not (string or Markup or SequenceValue or RangeValue))
        {
            return false;
        }
        if (key is SliceValue slice)
        {
            item = Slice(run, owner, slice);
            return true;
        }
        if (!Numbers.TryInteger(key, out var index) || BigInteger.Abs(index) > int.MaxValue)
        {
            return false;
        }
        var length = Iteration.Count(run, owner);
        var at = (int)index < 0 ? (int)index + length : (int)index;
        if (at < 0 || at >= length)
        {
            return false;
        }
        item = owner switch
        {
            SequenceValue sequence => sequence.Items[at],
            RangeValue range => range[at],
            Markup markup => new Markup(CharacterAt(run, markup.Content, at)),
            _ => CharacterAt(run, (string)owner, at),
        };
        return true;
    }

    private static string CharacterAt(Rendering run, string text, int index)
    {
        var offset = CodePoints.OffsetOf(run, text, index);
        var pair = offset + 1 < text.Length && char.IsSurrogatePair(text[offset], text[offset + 1]);
        return text.Substring(offset, pair ? 2 : 1);
    }

    private static object Slice(Rendering run, object owner, SliceValue slice)
    {
        var (start, step, count) = slice.Resolve(run, Iteration.Count(run, owner));
        switch (owner)
        {
            case SequenceValue sequence:
                run.ChargeItems(count);
                return new SequenceValue(Pick(sequence.Items, start, step, count), sequence.IsTuple);
            case RangeValue range:
                return new RangeValue(range[start], range[start] + (range.Step * step * count), range.Step * step);
            default:
                var text = SliceText(run, TextValue.Raw(owner), start, step, count);
                return owner is Markup ? new Markup(text) : text;
        }
    }

    private static string SliceText(Rendering run, string text, int start, int step, int count)
    {
        run.Charge(count);
        if (step == 1 && count > 0)
        {
            var from = CodePoints.OffsetOf(run, text, start);
            return text[from..CodePoints.OffsetOf(run, text, start + count)];
        }
        if (CodePoints.AreUnits(text))
        {
            return string.Concat(Pick(text.ToCharArray(), start, step, count));
        }
        return string.Concat(Pick(CodePoints.Split(run, text), start, step, count));
    }

    private static T[] Pick<T>(T[] items, int start, int step, int count)
    {
        var picked = new T[count];
        for (var i = 0; i < count; i++)
        {
            picked[i] = items[start + (i * step)];
        }
        return picked;
    }

    private static bool TryMember(Rendering run, object? owner, string name, out object? member)
    {
        switch (owner)
        {
            case NamespaceValue names when names.TryGet(name, out member):
            case IAttributes attributes when attributes.TryGetAttribute(run, name, out member):
                return true;
            case SequenceValue { Names: { } fields } record when Array.IndexOf(fields, name) is >= 0 and var field:
                member = record.Items[field];
                return true;
            case NamespaceValue or IAttributes when !name.StartsWith('_'):
                member = null;
                return false;
        }
        if (name.StartsWith("__", StringComparison.Ordinal) || Methods.AreMutating(owner, name))
        {
            member = Undefined.Unsafe(owner, name);
            return true;
        }
        member = Methods.Find(owner, name);
        return member is not null;
    }
}
