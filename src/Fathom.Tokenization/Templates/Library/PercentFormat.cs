using System.Numerics;
using System.Text;
using Fathom.Tokenization.Templates.Execution;
using Fathom.Tokenization.Templates.Values;

namespace Fathom.Tokenization.Templates.Library;

/// <summary>The operator <c>%</c> on text, and the filter <c>format</c>.</summary>
internal sealed class PercentFormat
{
    private readonly Rendering _run;
    private readonly string _format;
    private readonly object? _values;
    private readonly StringBuilder _out = new();
    private int _at;
    private int _used;

    private PercentFormat(Rendering run, string format, object? values)
    {
        _run = run;
        _format = format;
        _values = values;
    }

    /// <summary>Formats a value, or a tuple of values, or a dictionary.</summary>
    public static object Apply(Rendering run, object? format, object? values) => format is Markup
        ? throw run.Unsupported("'%' on text marked as safe", "Format first, then mark it with '| safe'.")
        : new PercentFormat(run, (string)format!, values).Run();

    private string Run()
    {
        _run.Charge(_format.Length);
        while (_at < _format.Length)
        {
            var percent = _format.IndexOf('%', _at);
            if (percent < 0)
            {
                _out.Append(_format, _at, _format.Length - _at);
                break;
            }
            _out.Append(_format, _at, percent - _at);
            _at = percent + 1;
            Field();
        }
        var rest = _values is SequenceValue { IsTuple: true } tuple ? tuple.Items.Length : _values is MappingValue or SequenceValue or RangeValue or Undefined ? _used : 1;
        return _used >= rest ? _out.ToString() : throw _run.TypeError("not all arguments converted during string formatting");
    }

    private void Field()
    {
        object? named = this;
        if (Peek() == '(')
        {
            var close = _format.IndexOf(')', _at);
            if (close < 0)
            {
                throw _run.ValueError("incomplete format key");
            }
            if (_values is not MappingValue mapping)
            {
                throw _run.TypeError("format requires a mapping");
            }
            var key = _format[(_at + 1)..close];
            named = mapping.TryGet(_run, key, out var value) ? value : throw _run.ValueError(TextRepr.Quote(key));
            _at = close + 1;
        }
        var (left, zero, sign, alternate) = Flags();
        var width = Number();
        if (width < 0)
        {
            (left, width) = (true, -Math.Max(width, -int.MaxValue));
        }
        var precision = -1;
        if (Peek() == '.')
        {
            _at++;
            precision = Math.Max(0, Number());
        }
        while (Peek() is 'h' or 'l' or 'L')
        {
            _at++;
        }
        var type = Peek();
        _at++;
        if (type == '%')
        {
            _out.Append('%');
            return;
        }
        FormatSpec spec = new(zero && !left && type is not ('s' or 'r' or 'c') ? '0' : ' ', left ? '<' : zero && type is not ('s' or 'r' or 'c') ? '=' : '>', sign, alternate, width, false, precision, type);
        _out.Append(Convert(spec, ReferenceEquals(named, this) ? Next() : named));
    }

    private string Convert(FormatSpec spec, object? value)
    {
        switch (spec.Type)
        {
            case 's':
                return spec.Text(_run, TextValue.Of(_run, value));
            case 'r':
                return spec.Text(_run, TextValue.Repr(_run, value));
            case 'c' when value is string or Markup && CodePoints.Count(_run, TextValue.Raw(value)) == 1:
                return spec.Text(_run, TextValue.Raw(value));
            case 'd' or 'i' or 'u':
                return spec.Integer(_run, Numbers.TryInteger(value, out var number) ? number
                    : value is double real && double.IsFinite(real) ? new BigInteger(real)
                    : throw _run.TypeError($"%{spec.Type} format: a real number is required, not {TypeName.Of(value)}"));
            case 'x' or 'X' or 'o':
                return spec.Integer(_run, Numbers.TryInteger(value, out var integer) ? integer
                    : throw _run.TypeError($"%{spec.Type} format: an integer is required, not {TypeName.Of(value)}"));
            case 'f' or 'F' or 'e' or 'E' or 'g' or 'G':
                return spec.Float(_run, Numbers.IsNumber(value) ? Numbers.ToDouble(_run, value) : throw _run.TypeError($"must be real number, not {TypeName.Of(value)}"));
            case '\0':
                throw _run.ValueError("incomplete format");
            default:
                throw _run.ValueError($"unsupported format character '{spec.Type}' (0x{(int)spec.Type:x}) at index {_at - 1}");
        }
    }

    private (bool Left, bool Zero, char Sign, bool Alternate) Flags()
    {
        (bool Left, bool Zero, char Sign, bool Alternate) flags = (false, false, '-', false);
        for (; ; _at++)
        {
            switch (Peek())
            {
                case '-':
                    flags.Left = true;
                    break;
                case '0':
                    flags.Zero = true;
                    break;
                case '+':
                    flags.Sign = '+';
                    break;
                case ' ':
                    flags.Sign = flags.Sign == '+' ? '+' : ' ';
                    break;
                case '#':
                    flags.Alternate = true;
                    break;
                default:
                    return flags;
            }
        }
    }

    private int Number()
    {
        if (Peek() == '*')
        {
            _at++;
            return Numbers.TryInteger(Next(), out var star) && BigInteger.Abs(star) < int.MaxValue ? (int)star : throw _run.TypeError("* wants int");
        }
        long number = 0;
        for (; char.IsAsciiDigit(Peek()); _at++)
        {
            number = Math.Min(int.MaxValue, (number * 10) + (Peek() - '0'));
        }
        return (int)number;
    }

    private object? Next()
    {
        if (_values is SequenceValue { IsTuple: true } tuple)
        {
            return _used < tuple.Items.Length ? tuple.Items[_used++] : throw _run.TypeError("not enough arguments for format string");
        }
        return _used++ == 0 ? _values : throw _run.TypeError("not enough arguments for format string");
    }

    private char Peek() => _at < _format.Length ? _format[_at] : '\0';
}
