using System.Globalization;

namespace Fathom.Loading.Checkpoints.Pickles;

/// <summary>A dict or OrderedDict, as the list of its entries; no key comes twice.</summary>
internal sealed class PickleDict(bool ordered) : PickleValue
{
    private readonly HashSet<string> _keys = new(StringComparer.Ordinal);

    /// <summary>True for an OrderedDict.</summary>
    public bool Ordered { get; } = ordered;

    public List<(PickleValue Key, PickleValue Value)> Entries { get; } = [];

    /// <summary>True once the dict served as a tensor's backward hooks: it must stay empty.</summary>
    public bool IsHooks { get; set; }

    public override string Kind => Ordered ? "an OrderedDict" : "a dict";

    /// <summary>Adds an entry.</summary>
    /// <returns>What is wrong with the key, or null.</returns>
    public string? Add(PickleValue key, PickleValue value)
    {
        if (IsHooks)
        {
            return "backward hooks are filled after a tensor took them; hooks must be an empty OrderedDict.";
        }

        if (Canonical(key) is not { } canonical)
        {
            return $"a dict has {key.Kind} as a key; keys are strings or integers (or tuples of them beside no tensor).";
        }

        if (!_keys.Add(canonical))
        {
            return $"a dict has the key '{canonical[1..]}' twice (a duplicate name).";
        }

        Entries.Add((key, value));
        return null;
    }

    /// <summary>A text that is equal for equal keys, or null for values that cannot be keys.</summary>
    private static string? Canonical(PickleValue key) => key switch
    {
        PickleText text => "t" + text.Value,
        PickleInteger integer => "i" + integer.Value.ToString(CultureInfo.InvariantCulture),
        PickleBoolean boolean => boolean.Value ? "i1" : "i0",
        PickleReal real => "r" + real.Value.ToString("R", CultureInfo.InvariantCulture),
        PickleInert inert => "n" + inert.Text,
        PickleBytes bytes => "b" + Convert.ToHexString(bytes.Value),
        PickleTuple { Items.Length: <= 16 } tuple when tuple.Items.All(i => i is not PickleTuple && Canonical(i) is not null) => "(" + string.Join(",", tuple.Items.Select(Canonical)),
        _ => null,
    };
}
