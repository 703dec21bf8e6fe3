using System.Collections.Frozen;
using Fathom.Tokenization.Templates.Execution;
using Fathom.Tokenization.Templates.Values;

namespace Fathom.Tokenization.Templates.Library;

/// <summary>The filters after <c>|</c>: a closed table.</summary>
internal static class Filters
{
    /// <summary>A filter: the rendering, the value on the left, the arguments.</summary>
    internal delegate object? Filter(Rendering run, object? value, Arguments arguments);

    // Known to the reference; the message says what to do instead.
    private static readonly FrozenDictionary<string, string> Missing = new Dictionary<string, string>
    {
        ["random"] = "A rendering must not depend on chance.",
        ["pprint"] = "Use '| tojson(indent=2)' or '| string'.",
        ["filesizeformat"] = "No published chat template uses it.",
        ["striptags"] = "No published chat template uses it.",
        ["urlize"] = "No published chat template uses it.",
        ["wordwrap"] = "No published chat template uses it.",
        ["xmlattr"] = "No published chat template uses it.",
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, Filter> Table = Build();

    /// <summary>Every name.</summary>
    public static IEnumerable<string> Names => Table.Keys;

    /// <summary>Whether the reference has a filter of that name.</summary>
    public static bool Exists(string name) => Table.ContainsKey(name) || Missing.ContainsKey(name);

    /// <summary>Applies a filter.</summary>
    public static object? Apply(Rendering run, string name, object? value, Arguments arguments)
    {
        run.Step();
        if (Table.TryGetValue(name, out var filter))
        {
            return filter(run, value, arguments);
        }
        throw Missing.TryGetValue(name, out var instead)
            ? run.Unsupported($"the filter '{name}'", instead)
            : run.Fail(ChatTemplateFault.UnknownName, $"No filter named {TextRepr.Quote(name)}.", Nearest.Suggest(name, Names));
    }

    private static FrozenDictionary<string, Filter> Build()
    {
        Dictionary<string, Filter> table = [];
        TextFilters.AddTo(table);
        NumberFilters.AddTo(table);
        SequenceFilters.AddTo(table);
        SelectionFilters.AddTo(table);
        table["default"] = Default;
        table["tojson"] = ToJson;
        table["attr"] = (run, v, a) => Lookup.MemberOnly(run, v is Undefined u ? throw run.Fail(u) : v, a.Bind(run, "attr", 1, "name").Text(0));
        foreach (var (alias, name) in new[] { ("d", "default"), ("e", "escape"), ("count", "length") })
        {
            table[alias] = table[name];
        }
        return table.ToFrozenDictionary();
    }

    private static object? Default(Rendering run, object? value, Arguments arguments)
    {
        var bound = arguments.Bind(run, "default", 0, "default_value", "boolean");
        return value is Undefined || (bound.Flag(1, false) && !Truth.Of(run, value)) ? (bound.Has(0) ? bound[0] : "") : value;
    }

    private static object ToJson(Rendering run, object? value, Arguments arguments)
    {
        var bound = arguments.Bind(run, "tojson", 0, "ensure_ascii", "indent", "separators", "sort_keys");
        var indent = bound[1] is null ? null : bound[1] is string text ? text : Padding.Fill(run, bound.Integer(1, 0), " ");
        var (item, key) = (indent is null ? ", " : ",", ": ");
        if (bound[2] is not null)
        {
            (item, key) = Iteration.Items(run, bound[2]) is [string i, string k] ? (i, k) : throw run.ValueError("separators must be two texts: (item, key)");
        }
        return new JsonText(run, bound.Flag(0, false), indent, item, key, bound.Flag(3, false)).Write(value);
    }
}
