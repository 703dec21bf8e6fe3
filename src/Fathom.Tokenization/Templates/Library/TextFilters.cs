using System.Numerics;
using System.Text;
using Fathom.Tokenization.Templates.Execution;
using Fathom.Tokenization.Templates.Values;

namespace Fathom.Tokenization.Templates.Library;

/// <summary>Filters that make text; anything that is not text is printed first.</summary>
internal static class TextFilters
{
    /// <summary>Adds the filters to the table.</summary>
    public static void AddTo(Dictionary<string, Filters.Filter> table)
    {
        table["string"] = (run, v, a) => Plain(run, "string", v, a, t => t);
        table["upper"] = (run, v, a) => Plain(run, "upper", v, a, Casing.Upper);
        table["lower"] = (run, v, a) => Plain(run, "lower", v, a, Casing.Lower);
        table["capitalize"] = (run, v, a) => Plain(run, "capitalize", v, a, Casing.Capitalize);
        table["title"] = (run, v, a) => Plain(run, "title", v, a, Title);
        table["trim"] = (run, v, a) => Rewrap(v, Stripping.Both(run, TextValue.Of(run, v), a));
        table["center"] = (run, v, a) => Padding.Center(run, TextValue.Of(run, v), a.Bind(run, "center", 0, "width").Integer(0, 80), " ");
        table["replace"] = Replace;
        table["indent"] = Indent;
        table["truncate"] = Truncate;
        table["wordcount"] = (run, v, a) => (BigInteger)Words(run, TextValue.Of(run, v));
        table["format"] = (run, v, a) => PercentFormat.Apply(run, TextValue.Of(run, v), Values(run, a));
        table["escape"] = (run, v, a) => v is Markup ? v : new Markup(Concatenation.Escaped(run, v));
        table["forceescape"] = (run, v, a) => new Markup(Concatenation.Escaped(run, TextValue.Of(run, v)));
        table["safe"] = (run, v, a) => new Markup(TextValue.Of(run, v));
        table["urlencode"] = UrlEncode;
    }

    private static object Rewrap(object? value, string text) => value is Markup ? new Markup(text) : text;

    private static object Plain(Rendering run, string name, object? value, Arguments arguments, Func<string, string> map)
    {
        arguments.BindNone(run, name);
        var text = TextValue.Of(run, value);
        run.Charge(3L * text.Length);
        return Rewrap(value, map(text));
    }

    /// <summary>Unlike the method, the filter starts a word only after a space, a hyphen or an opening bracket.</summary>
    private static string Title(string text)
    {
        StringBuilder builder = new(text.Length);
        for (var start = 0; start < text.Length;)
        {
            var isBreak = IsBreak(text[start]);
            var end = start + 1;
            while (end < text.Length && IsBreak(text[end]) == isBreak)
            {
                end++;
            }
            var first = !isBreak && start + 1 < end && char.IsSurrogatePair(text[start], text[start + 1]) ? 2 : 1;
            builder.Append(Casing.Upper(text.Substring(start, first))).Append(Casing.Lower(text[(start + first)..end]));
            start = end;
        }
        return builder.ToString();
    }

    private static bool IsBreak(char c) => c is '-' or '(' or '{' or '[' or '<' || Whitespace.Is(c);

    private static object Replace(Rendering run, object? value, Arguments arguments)
    {
        var bound = arguments.Bind(run, "replace", 2, "old", "new", "count");
        return Replacing.Apply(run, TextValue.Of(run, value), TextValue.Of(run, bound[0]), TextValue.Of(run, bound[1]), bound[2] is null ? -1 : bound.Integer(2, -1));
    }

    private static object Indent(Rendering run, object? value, Arguments arguments)
    {
        var bound = arguments.Bind(run, "indent", 0, "width", "first", "blank");
        if (value is not (string or Markup))
        {
            throw value is Undefined undefined ? run.Fail(undefined) : Arithmetic.Unsupported(run, "+=", value, "");
        }
        var text = TextValue.Raw(value);
        var indention = bound[0] is string given ? given : Padding.Fill(run, bound.Integer(0, 4), " ");
        run.Charge(text.Length);
        var lines = Splitting.LinesOf(text + "\n").ToArray();
        StringBuilder builder = new(bound.Flag(1, false) ? indention : "");
        for (var i = 0; i < lines.Length; i++)
        {
            run.Charge(indention.Length);
            builder.Append(i > 0 ? "\n" : "").Append(i > 0 && (bound.Flag(2, false) || lines[i].Length > 0) ? indention : "").Append(lines[i]);
        }
        return Rewrap(value, builder.ToString());
    }

    private static object? Truncate(Rendering run, object? value, Arguments arguments)
    {
        var bound = arguments.Bind(run, "truncate", 0, "length", "killwords", "end", "leeway");
        var (length, end) = (bound.Integer(0, 255), bound.Text(2, "..."));
        var leeway = bound[3] is null ? 5 : bound.Integer(3, 5);
        var room = length - CodePoints.Count(run, end);
        if (room < 0 || leeway < 0)
        {
            throw run.ValueError(leeway < 0 ? $"expected leeway >= 0, got {leeway}" : $"expected length >= {length - room}, got {length}");
        }
        if (Iteration.Count(run, value) <= (long)length + leeway)
        {
            return value;
        }
        var text = value is string or Markup ? TextValue.Raw(value) : throw run.TypeError($"'{TypeName.Of(value)}' object has no attribute 'rsplit'");
        var cut = text[..CodePoints.OffsetOf(run, text, room)];
        var blank = bound.Flag(1, false) ? -1 : cut.LastIndexOf(' ');
        run.Charge(cut.Length + end.Length);
        return (blank < 0 ? cut : cut[..blank]) + end;
    }

    private static int Words(Rendering run, string text)
    {
        run.Scan(text.Length);
        var (count, inWord) = (0, false);
        foreach (var c in CodePoints.Enumerate(text))
        {
            var isWord = c == '_' || (c is < 0xD800 or > 0xDFFF && TextMethods.IsAlphanumeric(c));
            count += isWord && !inWord ? 1 : 0;
            inWord = isWord;
        }
        return count;
    }

    private static object? Values(Rendering run, Arguments arguments)
    {
        if (arguments.Named.Count == 0)
        {
            return new SequenceValue([.. arguments.Positional], isTuple: true);
        }
        if (arguments.Positional.Count > 0)
        {
            throw run.TypeError("can't handle positional and keyword arguments at the same time");
        }
        MappingValue mapping = new();
        foreach (var (name, value) in arguments.Named)
        {
            mapping.Set(run, name, value);
        }
        return mapping;
    }

    private static object UrlEncode(Rendering run, object? value, Arguments arguments)
    {
        arguments.BindNone(run, "urlencode");
        if (value is string or Markup || !Iteration.IsIterable(value))
        {
            return Quote(run, TextValue.Of(run, value), slashIsSafe: true);
        }
        var pairs = value is MappingValue mapping ? mapping.Items.Select(i => (i.Key, i.Value))
            : Iteration.Items(run, value).Select(i => Iteration.Items(run, i) is { Count: 2 } p ? (p[0], p[1]) : throw run.ValueError("not enough values to unpack (expected 2)"));
        return string.Join('&', pairs.Select(p => Quote(run, TextValue.Of(run, p.Item1), false) + "=" + Quote(run, TextValue.Of(run, p.Item2), false)));
    }

    private static string Quote(Rendering run, string text, bool slashIsSafe)
    {
        run.Charge(9L * text.Length);
        StringBuilder builder = new();
        foreach (var b in System.Text.Encoding.UTF8.GetBytes(text))
        {
            var c = (char)b;
            if (char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-' or '~' || (c == '/' && slashIsSafe))
            {
                builder.Append(c);
            }
            else
            {
                builder.Append(c == ' ' && !slashIsSafe ? "+" : $"%{b:X2}");
            }
        }
        return builder.ToString();
    }
}
