using Fathom.Tokenization.Templates.Execution;

namespace Fathom.Tokenization.Templates.Values;

/// <summary>Going through a value, and counting it.</summary>
internal static class Iteration
{
    /// <summary>The items of a value, all at once; a generator is used up by it.</summary>
    /// <exception cref="ChatTemplateException">The value cannot be gone through.</exception>
    public static IReadOnlyList<object?> Items(Rendering run, object? value)
    {
        switch (value)
        {
            case SequenceValue sequence:
                return sequence.Items;
            case string or Markup:
                return CodePoints.Split(run, TextValue.Raw(value));
            case MappingValue mapping:
                run.ChargeItems(mapping.Items.Count);
                return [.. mapping.Items.Select(i => i.Key)];
            case DictView view:
                return view.Items;
            case OneShot generator:
                return generator.TakeRest();
            case RangeValue range:
                var count = (int)range.Length;
                run.ChargeItems(count);
                return [.. Enumerable.Range(0, count).Select(i => (object?)range[i])];
            case Undefined { IsUnsafe: false }:
                return [];
            case Undefined undefined:
                throw run.Fail(undefined);
            default:
                throw run.TypeError($"'{TypeName.Of(value)}' object is not iterable");
        }
    }

    /// <summary>Whether <see cref="Items"/> works.</summary>
    public static bool IsIterable(object? value) =>
        value is SequenceValue or string or Markup or MappingValue or DictView or OneShot or RangeValue or Undefined;

    /// <summary>The length of a value; false if it has none.</summary>
    public static bool TryCount(Rendering run, object? value, out int count)
    {
        count = value switch
        {
            string or Markup => CodePoints.Count(run, TextValue.Raw(value)),
            SequenceValue sequence => sequence.Items.Length,
            MappingValue mapping => mapping.Items.Count,
            DictView view => view.Items.Length,
            RangeValue range => (int)range.Length,
            LoopValue loop => loop.Length,
            Undefined { IsUnsafe: false } => 0,
            _ => -1,
        };
        return count >= 0;
    }

    /// <summary>The length of a value.</summary>
    public static int Count(Rendering run, object? value) => TryCount(run, value, out var count) ? count
        : throw run.TypeError($"object of type '{TypeName.Of(value)}' has no len()", value is OneShot ? "Put '| list' before '| length'." : null);

    /// <summary>The operator <c>in</c>.</summary>
    public static bool Contains(Rendering run, object? container, object? item)
    {
        switch (container)
        {
            case string or Markup:
                var text = TextValue.Raw(container);
                return item is string or Markup
                    ? Needle.IndexOf(run, text, TextValue.Raw(item)) >= 0
                    : throw run.TypeError($"'in <string>' requires string as left operand, not {TypeName.Of(item)}");
            case MappingValue mapping:
                return mapping.TryGet(run, item, out _);
            case RangeValue range when Numbers.TryInteger(item, out var number):
                return range.Length > 0 && ((number - range.Start) % range.Step).IsZero
                    && (number - range.Start) / range.Step >= 0 && (number - range.Start) / range.Step < range.Length;
            case NamespaceValue or Callable or null or bool or double or System.Numerics.BigInteger:
                throw run.TypeError($"argument of type '{TypeName.Of(container)}' is not iterable");
            default:
                return Items(run, container).Any(i => Equality.AreEqual(run, i, item));
        }
    }
}
