using System.Text;
using Fathom.Tokenization.Templates.Execution;

namespace Fathom.Tokenization.Templates.Values;

/// <summary>Joining and repeating text and lists.</summary>
internal static class Concatenation
{
    /// <summary>The operator <c>+</c> where one side is not a number.</summary>
    public static object Add(Rendering run, object? a, object? b)
    {
        switch (a, b)
        {
            case (string x, string y):
                run.Charge((long)x.Length + y.Length);
                return x + y;
            case (Markup or string, Markup or string):
                return new Markup(Escaped(run, a) + Escaped(run, b));
            case (SequenceValue x, SequenceValue y) when x.IsTuple == y.IsTuple:
                run.ChargeItems((long)x.Items.Length + y.Items.Length);
                return new SequenceValue([.. x.Items, .. y.Items], x.IsTuple);
            case (string or SequenceValue, _):
                var own = TypeName.Of(a);
                throw run.TypeError($"can only concatenate {own} (not \"{TypeName.Of(b)}\") to {own}");
            default:
                throw Arithmetic.Unsupported(run, "+", a, b);
        }
    }

    /// <summary>The operator <c>*</c> of a text or list and a whole number.</summary>
    public static object Repeat(Rendering run, object? value, object? times)
    {
        if (!Numbers.TryInteger(times, out var number))
        {
            throw run.TypeError($"can't multiply sequence by non-int of type '{TypeName.Of(times)}'");
        }
        var length = value is SequenceValue list ? 8L * list.Items.Length : TextValue.Raw(value).Length;
        var count = length == 0 || number.Sign <= 0 ? 0 : (int)System.Numerics.BigInteger.Min(number, int.MaxValue);
        run.Charge(length * count);
        if (value is SequenceValue sequence)
        {
            return new SequenceValue([.. Enumerable.Repeat(sequence.Items, count).SelectMany(i => i)], sequence.IsTuple);
        }
        var text = new StringBuilder().Insert(0, TextValue.Raw(value), count).ToString();
        return value is Markup ? new Markup(text) : text;
    }

    /// <summary>The operator <c>~</c>: everything as plain text, one after the other.</summary>
    public static object Tilde(Rendering run, IReadOnlyList<object?> values)
    {
        var parts = values.Select(v => TextValue.Of(run, v)).ToArray();
        run.Charge(parts.Sum(p => (long)p.Length));
        return string.Concat(parts);
    }

    /// <summary>A value as text for a place inside HTML.</summary>
    public static string Escaped(Rendering run, object? value)
    {
        if (value is Markup markup)
        {
            return markup.Content;
        }
        var text = TextValue.Of(run, value);
        run.Charge(text.Length);
        var escaped = Markup.Escape(text);
        run.Charge(escaped.Length);
        return escaped;
    }
}
