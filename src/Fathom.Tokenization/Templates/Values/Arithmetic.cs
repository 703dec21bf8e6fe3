using System.Numerics;
using Fathom.Tokenization.Templates.Execution;

namespace Fathom.Tokenization.Templates.Values;

/// <summary>The operators <c>+ - * / // % **</c> with Python's results and Python's error messages.</summary>
internal static class Arithmetic
{
    /// <summary>Applies a binary operator.</summary>
    public static object? Apply(Rendering run, string op, object? a, object? b)
    {
        run.Step();
        if (a is Undefined u)
        {
            throw run.Fail(u);
        }
        if (b is Undefined v && !(op == "%" && a is string or Markup))
        {
            throw run.Fail(v);
        }
        if (Numbers.TryInteger(a, out var x) && Numbers.TryInteger(b, out var y))
        {
            return Integers(run, op, x, y);
        }
        if (Numbers.IsNumber(a) && Numbers.IsNumber(b))
        {
            return Floats(run, op, Numbers.ToDouble(run, a), Numbers.ToDouble(run, b));
        }
        return op switch
        {
            "+" => Concatenation.Add(run, a, b),
            "*" when a is string or SequenceValue or Markup => Concatenation.Repeat(run, a, b),
            "*" when b is string or SequenceValue or Markup => Concatenation.Repeat(run, b, a),
            "%" when a is string or Markup => Library.PercentFormat.Apply(run, a, b),
            _ => throw Unsupported(run, op == "**" ? "** or pow()" : op, a, b),
        };
    }

    /// <summary>Applies a sign.</summary>
    public static object Sign(Rendering run, bool negative, object? value) => value switch
    {
        Undefined undefined => throw run.Fail(undefined),
        double number => negative ? -number : number,
        _ when Numbers.TryInteger(value, out var integer) => negative ? -integer : integer,
        _ => throw run.TypeError($"bad operand type for unary {(negative ? '-' : '+')}: '{TypeName.Of(value)}'"),
    };

    /// <summary>The message for operands that do not fit.</summary>
    public static ChatTemplateException Unsupported(Rendering run, string op, object? a, object? b) =>
        run.TypeError($"unsupported operand type(s) for {op}: '{TypeName.Of(a)}' and '{TypeName.Of(b)}'");

    private static object Integers(Rendering run, string op, BigInteger a, BigInteger b)
    {
        if (b.IsZero && op is "/" or "//" or "%")
        {
            throw run.ValueError(op == "/" ? "division by zero" : op == "%" ? "integer modulo by zero" : "integer division or modulo by zero");
        }
        switch (op)
        {
            case "/":
                var (p, q) = (Numbers.ToDouble(run, a), Numbers.ToDouble(run, b));
                return p / q;
            case "**" when b.Sign < 0:
                return a.IsZero ? throw run.ValueError("0.0 cannot be raised to a negative power") : Math.Pow(Numbers.ToDouble(run, a), Numbers.ToDouble(run, b));
            case "**" when !a.IsZero && !a.IsOne && a != BigInteger.MinusOne && b * (a.GetBitLength() - 1) > Numbers.MaxBits:
                return Numbers.Checked(run, BigInteger.One << (Numbers.MaxBits + 1));
            case "**":
                return BigInteger.Pow(a, BigInteger.Abs(a) <= 1 ? (int)(b & 1) + (b > 1 ? 2 : 0) : (int)b);
        }
        return Numbers.Checked(run, op switch
        {
            "+" => a + b,
            "-" => a - b,
            "*" => a * b,
            "//" => FloorDivide(a, b),
            _ => a - (b * FloorDivide(a, b)),
        });
    }

    private static BigInteger FloorDivide(BigInteger a, BigInteger b)
    {
        var quotient = BigInteger.DivRem(a, b, out var remainder);
        return !remainder.IsZero && (remainder.Sign < 0) != (b.Sign < 0) ? quotient - 1 : quotient;
    }

    private static object Floats(Rendering run, string op, double a, double b)
    {
        if (b == 0 && op is "/" or "//" or "%")
        {
            throw run.ValueError(op switch { "/" => "float division by zero", "//" => "float floor division by zero", _ => "float modulo" });
        }
        return op switch
        {
            "+" => a + b,
            "-" => a - b,
            "*" => a * b,
            "/" => a / b,
            "%" => Modulo(a, b),
            "//" => FloorQuotient(a, b),
            _ => Power(run, a, b),
        };
    }

    private static double Modulo(double a, double b)
    {
        var remainder = a % b;
        return remainder != 0 ? ((remainder < 0) != (b < 0) ? remainder + b : remainder) : Math.CopySign(0.0, b);
    }

    private static double FloorQuotient(double a, double b)
    {
        var quotient = (a - Modulo(a, b)) / b;
        if (quotient == 0)
        {
            return Math.CopySign(0.0, a / b);
        }
        var floor = Math.Floor(quotient);
        return quotient - floor > 0.5 ? floor + 1 : floor;
    }

    private static double Power(Rendering run, double a, double b)
    {
        if (a == 0 && b < 0)
        {
            throw run.ValueError("0.0 cannot be raised to a negative power");
        }
        var result = Math.Pow(a, b);
        if (double.IsNaN(result) && !double.IsNaN(a) && !double.IsNaN(b))
        {
            throw run.Unsupported("a complex number (a fractional power of a negative number)", "Templates have no use for it.");
        }
        return double.IsInfinity(result) && !double.IsInfinity(a) && !double.IsInfinity(b) ? throw run.ValueError("(34, 'Numerical result out of range')") : result;
    }
}
