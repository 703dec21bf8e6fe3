using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.RegularExpressions;
using Fathom.Tokenization.Templates.Execution;
using Fathom.Tokenization.Templates.Values;

namespace Fathom.Tokenization.Templates.Library;

/// <summary>The method <c>format</c> of text; attributes inside a field go through the sandbox.</summary>
internal static partial class BraceFormat
{
    /// <summary>Formats.</summary>
    public static object Apply(Rendering run, string format, Arguments arguments)
    {
        run.Charge(format.Length);
        StringBuilder builder = new();
        var automatic = 0;
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] is '{' or '}' && i + 1 < format.Length && format[i + 1] == format[i])
            {
                builder.Append(format[i++]);
            }
            else if (format[i] == '{')
            {
                var end = format.IndexOfAny(['{', '}'], i + 1);
                if (end < 0)
                {
                    throw run.ValueError(i + 1 == format.Length ? "Single '{' encountered in format string" : "expected '}' before end of string");
                }
                if (format[end] == '{')
                {
                    throw run.Unsupported("a field inside a field of a format string", "Build the width beforehand.");
                }
                var text = Field(run, format[(i + 1)..end], arguments, ref automatic);
                run.Charge(text.Length);
                builder.Append(text);
                i = end;
            }
            else if (format[i] == '}')
            {
                throw run.ValueError("Single '}' encountered in format string");
            }
            else
            {
                builder.Append(format[i]);
            }
        }
        return builder.ToString();
    }

    private static string Field(Rendering run, string field, Arguments arguments, ref int automatic)
    {
        var colon = field.IndexOf(':', StringComparison.Ordinal);
        var (name, spec) = colon < 0 ? (field, "") : (field[..colon], field[(colon + 1)..]);
        var bang = name.IndexOf('!', StringComparison.Ordinal);
        (name, var conversion) = bang < 0 ? (name, "") : (name[..bang], name[(bang + 1)..]);
        var value = Value(run, name, arguments, ref automatic);
        value = conversion switch
        {
            "" => value,
            "s" => TextValue.Of(run, value),
            "r" => TextValue.Repr(run, value),
            _ => throw run.ValueError($"Unknown conversion specifier '{conversion}'"),
        };
        return Lay(run, value, spec);
    }

    private static object? Value(Rendering run, string path, Arguments arguments, ref int automatic)
    {
        var end = path.AsSpan().IndexOfAny('.', '[');
        var first = end < 0 ? path : path[..end];
        object? value;
        if (first.Length == 0 || first.All(char.IsAsciiDigit))
        {
            var index = first.Length == 0 ? automatic++ : first.Length > 6 ? int.MaxValue : int.Parse(first, CultureInfo.InvariantCulture);
            value = index < arguments.Positional.Count ? arguments.Positional[index]
                : throw run.ValueError("tuple index out of range");
        }
        else
        {
            var at = arguments.Named.ToList().FindIndex(n => n.Key == first);
            value = at >= 0 ? arguments.Named[at].Value : throw run.ValueError(TextRepr.Quote(first));
        }
        foreach (Match step in Steps().Matches(end < 0 ? "" : path[end..]))
        {
            end += step.Length;
            var key = step.Groups[2].Success ? step.Groups[2].Value : step.Groups[1].Value;
            value = step.Groups[1].Success ? Lookup.Attribute(run, value, key)
                : Lookup.Item(run, value, key.Length is > 0 and < 7 && key.All(char.IsAsciiDigit) ? BigInteger.Parse(key, CultureInfo.InvariantCulture) : key);
            value = value is Undefined undefined ? throw run.Fail(undefined) : value;
        }
        return end < 0 || end == path.Length ? value : throw run.ValueError("Only '.' or '[' may follow ']' in format field specifier");
    }

    private static string Lay(Rendering run, object? value, string spec)
    {
        if (spec.Length == 0)
        {
            return TextValue.Of(run, value);
        }
        if (spec.Length > 40 || Spec().Match(spec) is not { Success: true } match)
        {
            throw run.ValueError($"Invalid format specifier '{(spec.Length > 40 ? spec[..40] + "..." : spec)}' for object of type '{TypeName.Of(value)}'");
        }
        var zero = match.Groups["zero"].Success;
        var align = match.Groups["align"].Success ? match.Groups["align"].Value[0] : zero ? '=' : '\0';
        FormatSpec layout = new(
            match.Groups["fill"].Success ? match.Groups["fill"].Value[0] : zero ? '0' : null, align,
            match.Groups["sign"].Success ? match.Groups["sign"].Value[0] : '-', match.Groups["alt"].Success, Small(match.Groups["width"], 0),
            match.Groups["group"].Success, Small(match.Groups["precision"], -1), match.Groups["type"].Success ? match.Groups["type"].Value[0] : '\0');
        switch (value)
        {
            case string or Markup when layout.Type is '\0' or 's' && align != '=':
                return layout.Text(run, TextValue.Raw(value));
            case BigInteger or bool when layout.Type is 'd' or 'x' or 'X' or 'o' or 'b' || (layout.Type == '\0' && value is BigInteger):
                Numbers.TryInteger(value, out var integer);
                return layout.Precision < 0 ? layout.Integer(run, integer) : throw run.ValueError("Precision not allowed in integer format specifier");
            case BigInteger or bool or double when layout.Type is 'f' or 'F' or 'e' or 'E' or 'g' or 'G' or '%':
            case double when layout.Type == '\0' && layout.Precision < 0:
                return layout.Float(run, Numbers.ToDouble(run, value));
            default:
                throw run.ValueError($"Unknown format code '{(layout.Type == '\0' ? spec : layout.Type)}' for object of type '{TypeName.Of(value)}'");
        }
    }

    private static int Small(Group group, int ifAbsent) =>
        !group.Success ? ifAbsent : group.Value.Length > 9 ? int.MaxValue : int.Parse(group.Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\G(?:\.([^.\[]+)|\[([^\]]+)\])")]
    private static partial Regex Steps();

    [GeneratedRegex(@"^(?:(?<fill>.)?(?<align>[<>=^]))?(?<sign>[-+ ])?(?<alt>#)?(?<zero>0)?(?<width>[0-9]+)?(?<group>,)?(?:\.(?<precision>[0-9]+))?(?<type>[a-zA-Z%])?$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Spec();
}
