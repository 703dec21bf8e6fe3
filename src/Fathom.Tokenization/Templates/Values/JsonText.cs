using System.Globalization;
using System.Numerics;
using System.Text;
using Fathom.Tokenization.Templates.Execution;

namespace Fathom.Tokenization.Templates.Values;

/// <summary>Values as JSON, character for character as Python's <c>json.dumps</c> writes it.</summary>
internal sealed class JsonText(Rendering run, bool ensureAscii, string? indent, string itemSeparator, string keySeparator, bool sortKeys)
{
    private readonly StringBuilder _out = new();

    /// <summary>Writes a value.</summary>
    /// <exception cref="ChatTemplateException">The value has no JSON form.</exception>
    public string Write(object? value)
    {
        Append(value, 1);
        return _out.ToString();
    }

    private void Append(object? value, int level)
    {
        run.Enter();
        var before = _out.Length;
        switch (value)
        {
            case null:
                _out.Append("null");
                break;
            case bool flag:
                _out.Append(flag ? "true" : "false");
                break;
            case BigInteger number:
                _out.Append(number.ToString(CultureInfo.InvariantCulture));
                break;
            case double number:
                _out.Append(Float(number));
                break;
            case string or Markup:
                AppendText(TextValue.Raw(value));
                break;
            case SequenceValue sequence:
                AppendAll('[', ']', sequence.Items, level, item => Append(item, level + 1));
                break;
            case MappingValue mapping:
                var pairs = sortKeys ? Sorted(mapping.Items) : mapping.Items;
                AppendAll('{', '}', pairs, level, pair =>
                {
                    AppendText(Key(pair.Key));
                    _out.Append(keySeparator);
                    Append(pair.Value, level + 1);
                });
                break;
            default:
                throw run.TypeError($"Object of type {TypeName.Of(value)} is not JSON serializable", value is OneShot ? "Put '| list' before '| tojson'." : null);
        }
        run.Charge(_out.Length - before);
        run.Leave();
    }

    private KeyValuePair<object?, object?>[] Sorted(IReadOnlyList<KeyValuePair<object?, object?>> pairs) =>
        [.. MergeSort.Order(pairs.Count, (later, earlier) => Ordering.Holds(run, "<", pairs[later].Key, pairs[earlier].Key)).Select(i => pairs[i])];

    private void AppendAll<T>(char open, char close, IReadOnlyList<T> items, int level, Action<T> append)
    {
        _out.Append(open);
        for (var i = 0; i < items.Count; i++)
        {
            _out.Append(i > 0 ? itemSeparator : "");
            AppendBreak(level);
            append(items[i]);
        }
        if (items.Count > 0)
        {
            AppendBreak(level - 1);
        }
        _out.Append(close);
    }

    private void AppendBreak(int level)
    {
        if (indent is not null)
        {
            run.Charge((long)indent.Length * level);
            _out.Append('\n').Insert(_out.Length, indent, level);
        }
    }

    private string Key(object? key) => key switch
    {
        null => "null",
        bool flag => flag ? "true" : "false",
        BigInteger number => number.ToString(CultureInfo.InvariantCulture),
        double number => Float(number),
        string or Markup => TextValue.Raw(key),
        _ => throw run.TypeError($"keys must be str, int, float, bool or None, not {TypeName.Of(key)}"),
    };

    private static string Float(double number) => double.IsFinite(number) ? FloatText.Repr(number)
        : double.IsNaN(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity";

    private void AppendText(string text)
    {
        _out.Append('"');
        foreach (var c in text)
        {
            switch (c)
            {
                case '"':
                    _out.Append("\\\"");
                    break;
                case '\\':
                    _out.Append(@"\\");
                    break;
                case '\n':
                    _out.Append(@"\n");
                    break;
                case '\r':
                    _out.Append(@"\r");
                    break;
                case '\t':
                    _out.Append(@"\t");
                    break;
                case '\f':
                    _out.Append(@"\f");
                    break;
                case '\b':
                    _out.Append(@"\b");
                    break;
                default:
                    _ = c < ' ' || (ensureAscii && c > '~') ? _out.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}") : _out.Append(c);
                    break;
            }
        }
        _out.Append('"');
    }
}
