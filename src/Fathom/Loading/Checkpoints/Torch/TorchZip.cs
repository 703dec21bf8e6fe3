using Fathom.Loading.Checkpoints.Bytes;
using Fathom.Loading.Checkpoints.Pickles;
using Fathom.Loading.Checkpoints.Zip;

namespace Fathom.Loading.Checkpoints.Torch;

/// <summary>The container of torch 1.6 and later: a zip with <c>data.pkl</c> and one stored record for each storage.</summary>
internal static class TorchZip
{
    private const int SmallRecord = 64;

    /// <summary>Reads the directory and the pickle.</summary>
    /// <exception cref="InvalidCheckpointException">The first thing that is wrong.</exception>
    public static TorchCheckpoint Read(ByteSource source)
    {
        var zip = ZipFile.Open(source);
        var folder = Folder(source, zip);
        if (zip.Records.Keys.Any(n => n == folder + "constants.pkl" || n.StartsWith(folder + "code/", StringComparison.Ordinal)))
        {
            throw source.Invalid("this is a TorchScript archive, not a state dict. Save model.state_dict() with torch.save, or safetensors.");
        }

        if (!zip.Records.TryGetValue(folder + "data.pkl", out var pickle))
        {
            throw source.Invalid("the zip archive has no data.pkl: it is not a torch checkpoint.");
        }

        if (zip.Records.Values.FirstOrDefault(r => r.IsDeflated && r != pickle) is { } deflated)
        {
            throw source.Invalid($"the zip entry '{deflated.Name}' is deflated; everything but data.pkl must be stored, as torch writes it. Repacked files are not read: save the checkpoint again.");
        }

        CheckVersion(source, zip, folder);
        var bigEndian = IsBigEndian(source, zip, folder);
        TorchStorages storages = new(source, legacy: false);
        MemorySource bytes = new(source.Name, zip.Content(pickle, Unpickler.LargestPickle));
        ByteCursor cursor = new(bytes);
        ByteSource facts = new PickleSource(bytes, source.Length);
        var root = new Unpickler(facts, cursor, storages.Resolve).Read();
        if (cursor.Remaining != 0)
        {
            throw source.Invalid($"{cursor.Remaining} bytes follow STOP in data.pkl (bytes after STOP).");
        }

        return new(source, TorchTree.Walk(source, root), Records(source, zip, folder, storages), bigEndian);
    }

    private static string Folder(ByteSource source, ZipFile zip)
    {
        var first = zip.Records.Keys.FirstOrDefault() ?? throw source.Invalid("the zip archive has no entries: an empty zip is not a torch checkpoint.");
        var folder = first[..(first.IndexOf('/', StringComparison.Ordinal) + 1)];
        return folder.Length > 0 && zip.Records.Keys.All(n => n.StartsWith(folder, StringComparison.Ordinal)) ? folder : throw source.Invalid(
            "the zip archive has no single top folder: more than one top folder, or none, is not what torch writes.");
    }

    private static void CheckVersion(ByteSource source, ZipFile zip, string folder)
    {
        var text = Small(zip, folder + "version") ?? throw source.Invalid("the zip archive has no version record: it is not a torch checkpoint.");
        if (!int.TryParse(text.TrimEnd('\n'), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var version) || version is < 1 or > 10)
        {
            throw source.Invalid($"the version record is '{text}'; version 1 to 10 is expected.");
        }
    }

    private static bool IsBigEndian(ByteSource source, ZipFile zip, string folder) => Small(zip, folder + "byteorder") switch
    {
        null or "little" => false,
        "big" => true,
        var other => throw source.Invalid($"the byteorder record is '{other}'; 'little' or 'big' exactly is expected."),
    };

    private static string? Small(ZipFile zip, string name) => zip.Records.TryGetValue(name, out var record) ? System.Text.Encoding.Latin1.GetString(zip.Content(record, SmallRecord)) : null;

    private static Dictionary<string, TorchRecord> Records(ByteSource source, ZipFile zip, string folder, TorchStorages storages)
    {
        Dictionary<string, TorchRecord> records = new(StringComparer.Ordinal);
        foreach (var (key, storage) in storages.Roots)
        {
            if (!zip.Records.TryGetValue($"{folder}data/{key}", out var record))
            {
                throw source.Invalid($"a persistent id with the key '{key}' names no record of the archive.");
            }

            if ((Int128)storage.Count * storage.UnitBytes != record.Length)
            {
                throw source.Invalid($"the record of storage {key} has {record.Length} bytes, but {storage.Count} elements of {storage.UnitBytes} bytes are claimed: the record's length is not numel * itemsize.");
            }

            records.Add(key, new(record.Begin, () => zip.CheckCrc(record)));
        }

        return records;
    }
}
