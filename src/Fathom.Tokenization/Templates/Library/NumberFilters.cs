using System.Numerics;
using Fathom.Tokenization.Templates.Execution;
using Fathom.Tokenization.Templates.Values;

namespace Fathom.Tokenization.Templates.Library;

/// <summary>Filters about numbers.</summary>
internal static class NumberFilters
{
    /// <summary>Adds the filters to the table.</summary>
    public static void AddTo(Dictionary<string, Filters.Filter> table)
    {
        table["abs"] = Abs;
        table["int"] = Int;
        table["float"] = Float;
        table["round"] = Round;
    }

    private static object Abs(Rendering run, object? value, Arguments arguments)
    {
        arguments.BindNone(run, "abs");
        return value switch
        {
            double number => Math.Abs(number),
            Undefined undefined => throw run.Fail(undefined),
            _ => Numbers.TryInteger(value, out var integer) ? BigInteger.Abs(integer) : throw run.TypeError($"bad operand type for abs(): '{TypeName.Of(value)}'"),
        };
    }

    private static object? Int(Rendering run, object? value, Arguments arguments)
    {
        var bound = arguments.Bind(run, "int", 0, "default", "base");
        var ifNot = bound.Has(0) ? bound[0] : BigInteger.Zero;
        var isDecimal = !bound.Has(1) || (Numbers.TryInteger(bound[1], out var radix) && radix == 10);
        if (!isDecimal && value is string or Markup && Numbers.TryInteger(bound[1], out _))
        {
            throw run.Unsupported("the filter 'int' with a base other than 10", "No published chat template uses it.");
        }
        switch (value)
        {
            case Undefined undefined:
                throw run.Fail(undefined);
            case double number:
                return double.IsFinite(number) ? new BigInteger(number) : ifNot;
            case string or Markup:
                var text = TextValue.Raw(value);
                run.Charge(text.Length);
                return isDecimal && Numbers.TryParseInteger(text, out var whole) ? whole
                    : Numbers.TryParseDouble(text, out var real) && double.IsFinite(real) ? new BigInteger(real)
                    : ifNot;
            default:
                return Numbers.TryInteger(value, out var integer) ? integer : ifNot;
        }
    }

    private static object? Float(Rendering run, object? value, Arguments arguments)
    {
        var bound = arguments.Bind(run, "float", 0, "default");
        var ifNot = bound.Has(0) ? bound[0] : 0.0;
        if (value is string or Markup)
        {
            run.Charge(TextValue.Raw(value).Length);
            return Numbers.TryParseDouble(TextValue.Raw(value), out var number) ? number : ifNot;
        }
        return value is Undefined undefined ? throw run.Fail(undefined) : Numbers.IsNumber(value) ? Numbers.ToDouble(run, value) : ifNot;
    }

    private static object Round(Rendering run, object? value, Arguments arguments)
    {
        var bound = arguments.Bind(run, "round", 0, "precision", "method");
        var (places, method) = (bound.Integer(0, 0), bound.Text(1, "common"));
        if (value is Undefined undefined)
        {
            throw run.Fail(undefined);
        }
        if (!Numbers.IsNumber(value))
        {
            throw run.TypeError($"type {TypeName.Of(value)} doesn't define __round__ method");
        }
        if (method == "common")
        {
            if (value is double real)
            {
                return FloatText.Round(real, places);
            }
            Numbers.TryInteger(value, out var integer);
            return places >= 0 ? integer : RoundInteger(integer, -Math.Max(places, -5_000));
        }
        var power = Math.Pow(10, places);
        var scaled = Numbers.ToDouble(run, value) * power;
        return method switch
        {
            "ceil" => Math.Ceiling(scaled) / power,
            "floor" => Math.Floor(scaled) / power,
            _ => throw run.ValueError("method must be common, ceil or floor"),
        };
    }

    private static BigInteger RoundInteger(BigInteger number, int zeros)
    {
        var unit = BigInteger.Pow(10, zeros);
        var quotient = BigInteger.DivRem(BigInteger.Abs(number), unit, out var rest);
        var order = (rest * 2).CompareTo(unit);
        quotient += order > 0 || (order == 0 && !quotient.IsEven) ? 1 : 0;
        return quotient * unit * number.Sign;
    }
}
