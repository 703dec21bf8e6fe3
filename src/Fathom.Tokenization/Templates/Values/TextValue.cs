using System.Numerics;
using System.Text;
using Fathom.Tokenization.Templates.Execution;

namespace Fathom.Tokenization.Templates.Values;

/// <summary>Values as text: Python's <c>str</c> and <c>repr</c>.</summary>
internal static class TextValue
{
    /// <summary>The characters of a value that is text already.</summary>
    public static string Raw(object? value) => value is Markup markup ? markup.Content : (string)value!;

    /// <summary>What <c>{{ value }}</c> writes.</summary>
    public static string Of(Rendering run, object? value)
    {
        switch (value)
        {
            case string text:
                return text;
            case Markup markup:
                return markup.Content;
            case Undefined:
                return "";
        }
        StringBuilder builder = new();
        Append(run, builder, value);
        return builder.ToString();
    }

    /// <summary>What a value looks like inside a printed list.</summary>
    public static string Repr(Rendering run, object? value)
    {
        StringBuilder builder = new();
        Append(run, builder, value);
        return builder.ToString();
    }

    private static void Append(Rendering run, StringBuilder into, object? value)
    {
        run.Enter();
        var before = into.Length;
        switch (value)
        {
            case null:
                into.Append("None");
                break;
            case bool flag:
                into.Append(flag ? "True" : "False");
                break;
            case BigInteger number:
                into.Append(number.ToString(System.Globalization.CultureInfo.InvariantCulture));
                break;
            case double number:
                into.Append(FloatText.Repr(number));
                break;
            case string text:
                run.Charge(text.Length);
                TextRepr.Append(into, text);
                break;
            case Undefined:
                into.Append("Undefined");
                break;
            case SequenceValue sequence:
                AppendItems(run, into, sequence.IsTuple ? "(" : "[", sequence.Items, sequence.IsTuple ? (sequence.Items.Length == 1 ? ",)" : ")") : "]");
                break;
            case MappingValue mapping:
                AppendPairs(run, into, mapping.Items, Append);
                break;
            case DictView view:
                AppendItems(run, into, view.TypeName + "([", view.Items, "])");
                break;
            case RangeValue range:
                into.Append(range.Step.IsOne ? $"range({range.Start}, {range.Stop})" : $"range({range.Start}, {range.Stop}, {range.Step})");
                break;
            case NamespaceValue names:
                into.Append("<Namespace ");
                AppendPairs(run, into, names.Values.Select(p => KeyValuePair.Create<object?, object?>(p.Key, p.Value)), Append);
                into.Append('>');
                break;
            case Markup markup:
                into.Append("Markup(").Append(TextRepr.Quote(markup.Content)).Append(')');
                break;
            default:
                throw run.Unsupported($"printing a value of type '{TypeName.Of(value)}' (its text in the reference is a memory address)", value is OneShot ? "Add '| list' or '| join'." : "Call it, or print one of its attributes.");
        }
        run.Charge(into.Length - before);
        run.Leave();
    }

    private static void AppendItems(Rendering run, StringBuilder into, string open, object?[] items, string close)
    {
        into.Append(open);
        for (var i = 0; i < items.Length; i++)
        {
            into.Append(i > 0 ? ", " : "");
            Append(run, into, items[i]);
        }
        into.Append(close);
    }

    private static void AppendPairs(Rendering run, StringBuilder into, IEnumerable<KeyValuePair<object?, object?>> pairs, Action<Rendering, StringBuilder, object?> append)
    {
        into.Append('{');
        var first = true;
        foreach (var (key, value) in pairs)
        {
            into.Append(first ? "" : ", ");
            first = false;
            append(run, into, key);
            into.Append(": ");
            append(run, into, value);
        }
        into.Append('}');
    }
}
