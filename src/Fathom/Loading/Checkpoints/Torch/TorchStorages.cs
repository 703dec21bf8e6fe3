using Fathom.Loading.Checkpoints.Bytes;
using Fathom.Loading.Checkpoints.Pickles;

namespace Fathom.Loading.Checkpoints.Torch;

/// <summary>Turns persistent ids into storages and keeps one element type and length for each key.</summary>
/// <param name="source">Named in errors.</param>
/// <param name="legacy">True for files from before torch 1.6, whose ids have a sixth member and no untyped storages.</param>
internal sealed class TorchStorages(ByteSource source, bool legacy)
{
    /// <summary>The root storages, by key.</summary>
    public Dictionary<string, PickleStorage> Roots { get; } = new(StringComparer.Ordinal);

    /// <summary>Reads a persistent id.</summary>
    /// <exception cref="InvalidCheckpointException">It is not what torch writes.</exception>
    public PickleStorage Resolve(PickleValue id)
    {
        if (id is not PickleTuple { Items: [PickleText { Value: "storage" }, PickleGlobal { GlobalKind: PickleGlobalKind.StorageType } type, PickleText key, PickleText, PickleInteger { Value: >= 0 } count, ..] items })
        {
            throw Wrong(id is PickleTuple { Items: [PickleText kind, ..] } && kind.Value != "storage" ? $"of kind '{kind.Value}'" : "malformed");
        }

        if (items.Length is not (5 or 6) || (items.Length == 6 && !legacy) || !IsKey(key.Value))
        {
            throw Wrong(IsKey(key.Value) ? $"of {items.Length} members" : $"with the key '{key.Value}'");
        }

        if (legacy && type.Type is null)
        {
            throw source.Invalid("an UntypedStorage lies in a file of the legacy format, which torch itself cannot read back. Save the checkpoint again without _use_new_zipfile_serialization=False.");
        }

        PickleStorage root = new(key.Value, type.Type, 0, count.Value, count.Value);
        if (Roots.TryGetValue(key.Value, out var known) && (known.Type != root.Type || known.Count != root.Count))
        {
            throw source.Invalid($"storage {key.Value} is named with two element types or lengths; a key has one element type.");
        }

        Roots[key.Value] = root;
        return items.Length == 6 ? View(root, items[5]) : root;
    }

    private PickleStorage View(PickleStorage root, PickleValue view)
    {
        if (view is PickleInert { Text: "None" })
        {
            return root;
        }

        return view is PickleTuple { Items: [PickleText key, PickleInteger { Value: >= 0 } offset, PickleInteger { Value: >= 0 } size] } && IsKey(key.Value) && key.Value != root.Root
            && offset.Value <= root.Count && size.Value <= root.Count - offset.Value
            ? new(root.Root, root.Type, offset.Value, size.Value, root.Count)
            : throw source.Invalid($"the view of storage {root.Root} is malformed or outside its storage of {root.Count} elements.");
    }

    /// <summary>1 to 20 ASCII digits: torch 1.6 wrote addresses. The key is looked up in the archive's directory and joined to no path.</summary>
    private static bool IsKey(string key) => key.Length is >= 1 and <= 20 && key.All(char.IsAsciiDigit);

    private InvalidCheckpointException Wrong(string how) => source.Invalid(
        $"a persistent id {how}: it must be ('storage', a known storage type, 1 to 20 ASCII digits, a location, a count that is not negative).");
}
