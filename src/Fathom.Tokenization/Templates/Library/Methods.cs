using System.Collections.Frozen;
using System.Numerics;
using Fathom.Tokenization.Templates.Execution;
using Fathom.Tokenization.Templates.Values;

namespace Fathom.Tokenization.Templates.Library;

/// <summary>The methods of text, lists and dictionaries that templates may call: a closed table, no reflection.</summary>
internal static class Methods
{
    private static readonly FrozenSet<string> ChangesList = FrozenSet.ToFrozenSet(["append", "clear", "pop", "reverse", "insert", "sort", "extend", "remove"]);
    private static readonly FrozenSet<string> ChangesMapping = FrozenSet.ToFrozenSet(["clear", "pop", "popitem", "setdefault", "update"]);

    // What exists in Python but is not done here: using it is an error that says so, not an empty text.
    private static readonly FrozenSet<string> MissingOnText = FrozenSet.ToFrozenSet(["casefold", "encode", "expandtabs", "format_map", "isidentifier", "isprintable", "maketrans", "translate"]);
    private static readonly FrozenSet<string> MissingOnNumber = FrozenSet.ToFrozenSet(["as_integer_ratio", "bit_count", "bit_length", "conjugate", "denominator", "from_bytes", "fromhex", "hex", "imag", "is_integer", "numerator", "real", "to_bytes"]);
    private static readonly FrozenSet<string> MissingOnMarkup = FrozenSet.ToFrozenSet(["center", "format", "join", "ljust", "partition", "removeprefix", "removesuffix", "replace", "rjust", "rpartition", "striptags", "unescape", "zfill"]);

    private static readonly FrozenDictionary<string, Func<Rendering, MappingValue, Arguments, object?>> OfMapping = new Dictionary<string, Func<Rendering, MappingValue, Arguments, object?>>
    {
        ["get"] = (run, owner, a) =>
        {
            var bound = a.Bind(run, "get", 1, "key", "default");
            return owner.TryGet(run, bound[0], out var value) ? value : bound[1];
        },
        ["items"] = (run, owner, a) =>
        {
            a.BindNone(run, "items");
            run.ChargeItems(3L * owner.Items.Count);
            return new DictView("dict_items", [.. owner.Items.Select(i => new SequenceValue([i.Key, i.Value], isTuple: true))]);
        },
        ["keys"] = (run, owner, a) =>
        {
            a.BindNone(run, "keys");
            run.ChargeItems(owner.Items.Count);
            return new DictView("dict_keys", [.. owner.Items.Select(i => i.Key)]);
        },
        ["values"] = (run, owner, a) =>
        {
            a.BindNone(run, "values");
            run.ChargeItems(owner.Items.Count);
            return new DictView("dict_values", [.. owner.Items.Select(i => i.Value)]);
        },
        ["copy"] = (run, owner, a) =>
        {
            a.BindNone(run, "copy");
            return owner;
        },
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, Func<Rendering, SequenceValue, Arguments, object?>> OfSequence = new Dictionary<string, Func<Rendering, SequenceValue, Arguments, object?>>
    {
        ["count"] = (run, owner, a) =>
        {
            var item = a.Bind(run, "count", 1, "value")[0];
            return (BigInteger)owner.Items.Count(i => Equality.AreEqual(run, i, item));
        },
        ["index"] = (run, owner, a) =>
        {
            var bound = a.Bind(run, "index", 1, "value");
            var at = Array.FindIndex(owner.Items, i => Equality.AreEqual(run, i, bound[0]));
            return at >= 0 ? (BigInteger)at : throw run.ValueError(owner.IsTuple ? "tuple.index(x): x not in tuple" : TextValue.Repr(run, bound[0]) + " is not in list");
        },
        ["copy"] = (run, owner, a) =>
        {
            a.BindNone(run, "copy");
            return owner;
        },
    }.ToFrozenDictionary();

    /// <summary>Whether a method would change its owner, which the sandbox forbids.</summary>
    public static bool AreMutating(object? owner, string name) => owner switch
    {
        SequenceValue { IsTuple: false } => ChangesList.Contains(name),
        MappingValue => ChangesMapping.Contains(name),
        _ => false,
    };

    /// <summary>The method of that name bound to its owner, or null.</summary>
    public static Callable? Find(object? owner, string name)
    {
        switch (owner)
        {
            case string text when TextMethods.Find(name) is { } method:
                return new NativeFunction(name, (run, a) => method(run, text, a));
            case string when MissingOnText.Contains(name):
            case Markup when MissingOnText.Contains(name) || MissingOnMarkup.Contains(name):
            case BigInteger or double or bool when MissingOnNumber.Contains(name):
            case MappingValue when name == "fromkeys":
                return new NativeFunction(name, (run, _) => throw run.Unsupported($"the method '{name}' of '{TypeName.Of(owner)}'", "No published template needed it so far."));
            case Markup markup when TextMethods.Find(name) is { } method:
                return new NativeFunction(name, (run, a) => Mark(method(run, markup.Content, a)));
            case MappingValue mapping when OfMapping.TryGetValue(name, out var method):
                return new NativeFunction(name, (run, a) => method(run, mapping, a));
            case SequenceValue sequence when !(sequence.IsTuple && name == "copy") && OfSequence.TryGetValue(name, out var method):
                return new NativeFunction(name, (run, a) => method(run, sequence, a));
            default:
                return null;
        }
    }

    private static object? Mark(object? value) => value switch
    {
        string text => new Markup(text),
        SequenceValue sequence => new SequenceValue([.. sequence.Items.Select(Mark)], sequence.IsTuple),
        _ => value,
    };
}
