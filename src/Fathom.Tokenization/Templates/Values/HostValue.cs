using System.Collections;
using System.Globalization;
using System.Numerics;
using System.Text.Json;
using Fathom.Tokenization.Templates.Execution;

namespace Fathom.Tokenization.Templates.Values;

/// <summary>Turns the caller's values into template values: plain data only, nothing with behaviour gets in.</summary>
internal static class HostValue
{
    private const int MaxDigits = 4_300;

    /// <summary>A value of the caller as a template value.</summary>
    /// <exception cref="ArgumentException">The value has a type that templates do not know.</exception>
    public static object? Convert(Rendering run, object? value, string path)
    {
        run.AddInput(8);
        run.Enter();
        var result = value switch
        {
            null or bool or BigInteger or double => value,
            string text => Measured(run, text),
            int or long or short or byte or uint or ulong or ushort or sbyte => new BigInteger(System.Convert.ToDecimal(value, CultureInfo.InvariantCulture)),
            float number => (double)number,
            JsonElement json => Convert(run, FromJson(json), path),
            IEnumerable<KeyValuePair<string, object?>> pairs => Mapping(run, pairs, path),
            IDictionary pairs => Mapping(run, pairs.Cast<object>().Select(p => Entry((DictionaryEntry)p, path)), path),
            IEnumerable items => new SequenceValue([.. items.Cast<object?>().Select((item, i) => Convert(run, item, $"{path}[{i}]"))]),
            _ => throw Unusable(value.GetType().ToString(), path),
        };
        run.Leave();
        return result;
    }

    /// <summary>JSON as lists, ordered pairs, text, numbers, booleans and null.</summary>
    public static object? FromJson(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.String => json.GetString(),
        JsonValueKind.Number => Number(json.GetRawText()),
        JsonValueKind.Array => json.EnumerateArray().Select(FromJson).ToArray(),
        JsonValueKind.Object => json.EnumerateObject().Select(p => KeyValuePair.Create(p.Name, FromJson(p.Value))).ToArray(),
        _ => throw new ArgumentException("A JSON value that was never set cannot be used in a template."),
    };

    private static object Number(string text)
    {
        if (text.AsSpan().ContainsAny('.', 'e', 'E'))
        {
            return double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
        }
        return text.Length <= MaxDigits
            ? BigInteger.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture)
            : throw new ArgumentException($"A JSON number has {text.Length} digits; the most a template can use is {MaxDigits}.");
    }

    private static string Measured(Rendering run, string text)
    {
        run.AddInput(text.Length);
        return text;
    }

    private static MappingValue Mapping(Rendering run, IEnumerable<KeyValuePair<string, object?>> pairs, string path)
    {
        MappingValue mapping = new();
        foreach (var (name, value) in pairs)
        {
            mapping.Set(run, Measured(run, name), Convert(run, value, $"{path}.{name}"));
        }
        return mapping;
    }

    private static KeyValuePair<string, object?> Entry(DictionaryEntry entry, string path) =>
        entry.Key is string name ? new(name, entry.Value) : throw Unusable("a dictionary with keys of type " + entry.Key.GetType(), path);

    private static ArgumentException Unusable(string type, string path) => new(
        $"'{path}' is {type}, which a template cannot use. Pass null, a boolean, a number, text, a list, a dictionary with text keys, or a JsonElement.");
}
