using Fathom.Loading.Checkpoints.Bytes;
using Fathom.Loading.Checkpoints.Pickles;

namespace Fathom.Loading.Checkpoints.Torch;

/// <summary>The container from before torch 1.6: pickles of a magic number, a protocol, system facts, the object and the storage keys, then the storages.</summary>
internal static class TorchLegacy
{
    private const string Magic = "an integer beyond 64 bits";
    private const long Protocol = 1001;

    private static readonly byte[] MagicBytes = [0x80, 0x02, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19];

    /// <summary>Reads the pickles and places every storage.</summary>
    /// <exception cref="InvalidCheckpointException">The first thing that is wrong.</exception>
    public static TorchCheckpoint Read(ByteSource source)
    {
        ByteCursor cursor = new(source);
        TorchStorages storages = new(source, legacy: true);
        var magic = Pickle(source, cursor, NoStorages(source));
        if (magic is not PickleInert { Text: Magic } || !HasMagic(source))
        {
            throw source.Invalid("the file is a Python pickle, but its magic number is not torch's: it is not a torch checkpoint.");
        }

        if (Pickle(source, cursor, NoStorages(source)) is not PickleInteger { Value: Protocol })
        {
            throw source.Invalid($"the protocol of this torch file is not {Protocol}: it is not a torch checkpoint this library knows.");
        }

        // What machine wrote the file; its data are little-endian whatever this says.
        Pickle(source, cursor, NoStorages(source));
        var root = Pickle(source, cursor, storages.Resolve);
        var keys = Keys(source, Pickle(source, cursor, NoStorages(source)), storages);
        return new(source, TorchTree.Walk(source, root), Place(source, cursor, keys, storages), bigEndian: false);
    }

    private static PickleValue Pickle(ByteSource source, ByteCursor cursor, Func<PickleValue, PickleStorage> persistent) => new Unpickler(source, cursor, persistent).Read();

    private static Func<PickleValue, PickleStorage> NoStorages(ByteSource source) => _ => throw source.Invalid("a persistent id stands where a torch file has none.");

    private static bool HasMagic(ByteSource source)
    {
        // Protocols 4 and 5 put a FRAME before the number and 3 changes its first bytes, so the number itself is looked for.
        var head = source.Read(0, (int)Math.Min(source.Length, 32));
        return head.AsSpan().IndexOf(MagicBytes.AsSpan(2)) is >= 2 and <= 11;
    }

    private static List<string> Keys(ByteSource source, PickleValue value, TorchStorages storages)
    {
        if (value is not PickleList list || list.Items.Any(i => i is not PickleText))
        {
            throw source.Invalid($"the storage keys are {value.Kind}; a list of texts is expected.");
        }

        List<string> keys = [.. list.Items.Select(i => ((PickleText)i).Value)];
        HashSet<string> distinct = new(keys, StringComparer.Ordinal);
        if (distinct.Count != keys.Count)
        {
            throw source.Invalid("the storage keys name one storage twice (a duplicate key).");
        }

        return distinct.SetEquals(storages.Roots.Keys) ? keys : throw source.Invalid(
            $"the file lists {keys.Count} storages, but its pickle uses {storages.Roots.Count} others: every storage must be in the list, and the other way round.");
    }

    private static Dictionary<string, TorchRecord> Place(ByteSource source, ByteCursor cursor, List<string> keys, TorchStorages storages)
    {
        Dictionary<string, TorchRecord> records = new(StringComparer.Ordinal);
        foreach (var key in keys)
        {
            var storage = storages.Roots[key];
            var count = (long)cursor.UInt64($"the storages: the file is too short for storage {key}, so it");
            if (count != storage.Count)
            {
                throw source.Invalid($"storage {key} has {count} elements in the file, but the pickle says {storage.Count}: the counts differ.");
            }

            if ((Int128)count * storage.UnitBytes > cursor.Remaining)
            {
                throw source.Invalid($"storage {key} needs {(Int128)count * storage.UnitBytes} bytes, but {cursor.Remaining} are left: the file is too short (truncated).");
            }

            records.Add(key, new(cursor.Position, Check: null));
            cursor.Seek(cursor.Position + (count * storage.UnitBytes));
        }

        return cursor.Remaining == 0 ? records : throw source.Invalid($"{cursor.Remaining} bytes follow the last storage: the file is too long.");
    }
}
