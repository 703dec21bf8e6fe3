using System.Collections.Frozen;
using System.Globalization;
using System.Numerics;
using Fathom.Tokenization.Templates.Execution;
using Fathom.Tokenization.Templates.Values;

namespace Fathom.Tokenization.Templates.Library;

/// <summary>The methods of Python's <c>str</c>. Indexes count code points.</summary>
internal static class TextMethods
{
    private static readonly FrozenDictionary<string, Func<Rendering, string, Arguments, object?>> Table = new Dictionary<string, Func<Rendering, string, Arguments, object?>>
    {
        ["strip"] = (run, s, a) => Stripping.Both(run, s, a),
        ["lstrip"] = (run, s, a) => Stripping.Start(run, s, a),
        ["rstrip"] = (run, s, a) => Stripping.End(run, s, a),
        ["split"] = Splitting.Split,
        ["rsplit"] = Splitting.SplitFromEnd,
        ["splitlines"] = Splitting.Lines,
        ["partition"] = Splitting.Partition,
        ["rpartition"] = Splitting.PartitionFromEnd,
        ["join"] = Join,
        ["replace"] = (run, s, a) =>
        {
            var bound = a.Bind(run, "replace", 2, "old", "new", "count");
            return Replacing.Apply(run, s, bound.Text(0), bound.Text(1), bound.Integer(2, -1));
        },
        ["startswith"] = (run, s, a) => Affix(run, s, a, "startswith", (text, affix) => text.StartsWith(affix, StringComparison.Ordinal)),
        ["endswith"] = (run, s, a) => Affix(run, s, a, "endswith", (text, affix) => text.EndsWith(affix, StringComparison.Ordinal)),
        ["removeprefix"] = (run, s, a) => a.Bind(run, "removeprefix", 1, "prefix").Text(0) is var p && s.StartsWith(p, StringComparison.Ordinal) ? s[p.Length..] : s,
        ["removesuffix"] = (run, s, a) => a.Bind(run, "removesuffix", 1, "suffix").Text(0) is var p && s.EndsWith(p, StringComparison.Ordinal) ? s[..^p.Length] : s,
        ["find"] = (run, s, a) => Searching.Find(run, s, a, "find"),
        ["rfind"] = (run, s, a) => Searching.FindLast(run, s, a, "rfind"),
        ["index"] = (run, s, a) => Searching.OrFail(run, Searching.Find(run, s, a, "index")),
        ["rindex"] = (run, s, a) => Searching.OrFail(run, Searching.FindLast(run, s, a, "rindex")),
        ["count"] = Searching.Count,
        ["upper"] = (run, s, a) => Cased(run, s, a, "upper", Casing.Upper),
        ["lower"] = (run, s, a) => Cased(run, s, a, "lower", Casing.Lower),
        ["title"] = (run, s, a) => Cased(run, s, a, "title", Casing.Title),
        ["capitalize"] = (run, s, a) => Cased(run, s, a, "capitalize", Casing.Capitalize),
        ["swapcase"] = (run, s, a) => Cased(run, s, a, "swapcase", Casing.Swap),
        ["center"] = (run, s, a) => Padding.Method(run, s, a, "center", Padding.Center),
        ["ljust"] = (run, s, a) => Padding.Method(run, s, a, "ljust", (r, text, width, fill) => Padding.Around(r, text, 0, width, fill)),
        ["rjust"] = (run, s, a) => Padding.Method(run, s, a, "rjust", (r, text, width, fill) => Padding.Around(r, text, width, 0, fill)),
        ["zfill"] = Padding.ZeroFill,
        ["format"] = BraceFormat.Apply,
        ["isalpha"] = (run, s, a) => All(run, s, a, IsLetter),
        ["isdigit"] = (run, s, a) => All(run, s, a, c => CharUnicodeInfo.GetDigitValue(char.ConvertFromUtf32(c), 0) >= 0),
        ["isdecimal"] = (run, s, a) => All(run, s, a, c => CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.DecimalDigitNumber),
        ["isnumeric"] = (run, s, a) => All(run, s, a, IsNumeric),
        ["isalnum"] = (run, s, a) => All(run, s, a, IsAlphanumeric),
        ["isspace"] = (run, s, a) => All(run, s, a, c => c < 0x10000 && Whitespace.Is((char)c)),
        ["isascii"] = (run, s, a) => s.Length == 0 || (bool)All(run, s, a, c => c < 0x80),
        ["isupper"] = (run, s, a) => s.Length > 0 && (bool)All(run, s, a, c => !Casing.IsLower(c) && !Casing.IsTitle(c)) && CodePoints.Enumerate(s).Any(Casing.IsUpper),
        ["islower"] = (run, s, a) => s.Length > 0 && (bool)All(run, s, a, c => !Casing.IsUpper(c) && !Casing.IsTitle(c)) && CodePoints.Enumerate(s).Any(Casing.IsLower),
        ["istitle"] = (run, s, a) =>
        {
            a.BindNone(run, "istitle");
            run.Charge(s.Length);
            return CodePoints.Enumerate(s).Any(Casing.IsCased) && IsTitled(s);
        },
    }.ToFrozenDictionary();

    /// <summary>The method of that name, or null.</summary>
    public static Func<Rendering, string, Arguments, object?>? Find(string name) => Table.GetValueOrDefault(name);

    /// <summary>Whether the text has lower (or upper) case letters and none of the other case.</summary>
    public static bool Is(Rendering run, string method, string text) => (bool)Table[method](run, text, Arguments.None)!;

    /// <summary>Joins the texts of a sequence.</summary>
    private static object Join(Rendering run, string separator, Arguments arguments)
    {
        var items = Iteration.Items(run, arguments.Bind(run, "join", 1, "iterable")[0]);
        long length = 0;
        for (var i = 0; i < items.Count; i++)
        {
            length += items[i] is string or Markup
                ? TextValue.Raw(items[i]).Length + separator.Length
                : throw run.TypeError($"sequence item {i}: expected str instance, {TypeName.Of(items[i])} found");
        }
        run.Charge(length);
        return string.Join(separator, items.Select(TextValue.Raw));
    }

    private static object Affix(Rendering run, string text, Arguments arguments, string method, Func<string, string, bool> holds)
    {
        var bound = arguments.Bind(run, method, 1, "affix", "start", "end");
        var (window, _) = Searching.Window(run, text, bound);
        if (bound[0] is SequenceValue { IsTuple: true } choices)
        {
            return choices.Items.Any(c => holds(window, c is string or Markup ? TextValue.Raw(c) : throw Wrong(c)));
        }
        return bound[0] is string or Markup ? holds(window, bound.Text(0)) : bound[0] is Undefined u ? throw run.Fail(u) : throw Wrong(bound[0]);

        ChatTemplateException Wrong(object? value) => run.TypeError($"{method} first arg must be str or a tuple of str, not {TypeName.Of(value)}");
    }

    private static string Cased(Rendering run, string text, Arguments arguments, string method, Func<string, string> map)
    {
        arguments.BindNone(run, method);
        run.Charge(3L * text.Length);
        return map(text);
    }

    private static object All(Rendering run, string text, Arguments arguments, Func<int, bool> holds)
    {
        arguments.BindNone(run, "is");
        run.Charge(text.Length);
        return text.Length > 0 && CodePoints.Enumerate(text).All(c => c is not (>= 0xD800 and <= 0xDFFF) && holds(c));
    }

    /// <summary>Whether a code point is a letter or a number.</summary>
    public static bool IsAlphanumeric(int c) => IsLetter(c) || IsNumeric(c);

    private static bool IsLetter(int c) => CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter
        or UnicodeCategory.TitlecaseLetter or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter;

    // -1 is how .NET says that there is no value; the one character that means minus one half is numeric.
    private static bool IsNumeric(int c) => CharUnicodeInfo.GetNumericValue(char.ConvertFromUtf32(c), 0) is not -1 || Casing.IsNumericLetter(c);

    private static bool IsTitled(string text)
    {
        var afterCased = false;
        foreach (var c in CodePoints.Enumerate(text))
        {
            if ((Casing.IsUpper(c) || Casing.IsTitle(c)) ? afterCased : (Casing.IsLower(c) && !afterCased))
            {
                return false;
            }
            afterCased = Casing.IsCased(c);
        }
        return true;
    }
}
