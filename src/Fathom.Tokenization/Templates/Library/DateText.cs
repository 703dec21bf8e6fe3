using System.Globalization;
using System.Text;
using Fathom.Tokenization.Templates.Execution;

namespace Fathom.Tokenization.Templates.Library;

/// <summary>The function <c>strftime_now</c>, in English whatever the machine's language.</summary>
internal static class DateText
{
    /// <summary>Formats a time.</summary>
    public static string Format(Rendering run, DateTimeOffset time, string format)
    {
        run.Charge(4L * format.Length);
        StringBuilder builder = new();
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] != '%' || i + 1 == format.Length)
            {
                builder.Append(format[i]);
                continue;
            }
            var code = format[++i];
            if (code == '-' && i + 1 < format.Length)
            {
                var unpadded = Code(run, time, format[++i]).TrimStart('0', ' ');
                builder.Append(unpadded.Length == 0 ? "0" : unpadded);
            }
            else
            {
                builder.Append(Code(run, time, code));
            }
        }
        return builder.ToString();
    }

    private static string Code(Rendering run, DateTimeOffset t, char code) => code switch
    {
        'Y' => Net(t, "yyyy"),
        'y' => Net(t, "yy"),
        'm' => Net(t, "MM"),
        'd' => Net(t, "dd"),
        'e' => t.Day.ToString(CultureInfo.InvariantCulture).PadLeft(2),
        'H' => Net(t, "HH"),
        'I' => Net(t, "hh"),
        'M' => Net(t, "mm"),
        'S' => Net(t, "ss"),
        'f' => Net(t, "ffffff"),
        'p' => t.Hour < 12 ? "AM" : "PM",
        'a' => Net(t, "ddd"),
        'A' => Net(t, "dddd"),
        'b' or 'h' => Net(t, "MMM"),
        'B' => Net(t, "MMMM"),
        'j' => t.DayOfYear.ToString("000", CultureInfo.InvariantCulture),
        'u' => (t.DayOfWeek == DayOfWeek.Sunday ? 7 : (int)t.DayOfWeek).ToString(CultureInfo.InvariantCulture),
        'w' => ((int)t.DayOfWeek).ToString(CultureInfo.InvariantCulture),
        'F' => Net(t, "yyyy-MM-dd"),
        'T' or 'X' => Net(t, "HH:mm:ss"),
        'R' => Net(t, "HH:mm"),
        'D' or 'x' => Net(t, "MM/dd/yy"),
        'c' => Net(t, "ddd MMM ") + t.Day.ToString(CultureInfo.InvariantCulture).PadLeft(2) + Net(t, " HH:mm:ss yyyy"),
        'n' => "\n",
        't' => "\t",
        '%' => "%",
        _ => throw run.Unsupported($"the date code '%{code}'", "Known codes: %Y %y %m %d %e %H %I %M %S %f %p %a %A %b %B %j %u %w %F %T %R %D %c %x %X %%."),
    };

    // The leading quote keeps a one-letter format from being read as a standard one.
    private static string Net(DateTimeOffset time, string format) => time.ToString("''" + format, CultureInfo.InvariantCulture);
}
