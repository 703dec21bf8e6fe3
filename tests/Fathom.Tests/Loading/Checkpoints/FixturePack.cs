using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json;

namespace Fathom.Tests.Loading.Checkpoints;

/// <summary>The files of one compressed fixture archive, in memory.</summary>
internal sealed class FixturePack
{
    private static readonly Dictionary<string, FixturePack> Packs = [];

    private readonly SortedDictionary<string, byte[]> _files = new(StringComparer.Ordinal);

    /// <summary>Files by their path inside the archive.</summary>
    public IReadOnlyDictionary<string, byte[]> Files => _files;

    /// <summary>Opens <c>Fixtures/NAME.tar.br</c>, once a process.</summary>
    public static FixturePack Open(string name)
    {
        lock (Packs)
        {
            if (!Packs.TryGetValue(name, out var pack))
            {
                Packs.Add(name, pack = Load(Path.Combine(Root(), "tests/Fathom.Tests/Loading/Checkpoints/Fixtures", name + ".tar.br")));
            }

            return pack;
        }
    }

    /// <summary>A JSON file of the archive.</summary>
    public JsonElement Json(string path)
    {
        using var document = JsonDocument.Parse(_files[path]);
        return document.RootElement.Clone();
    }

    /// <summary>Writes the files under a prefix into a folder.</summary>
    public void Extract(string prefix, string folder)
    {
        foreach (var (path, bytes) in _files.Where(f => f.Key.StartsWith(prefix, StringComparison.Ordinal)))
        {
            var target = Path.Combine(folder, path[prefix.Length..]);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.WriteAllBytes(target, bytes);
        }
    }

    private static FixturePack Load(string path)
    {
        FixturePack pack = new();
        using BrotliStream brotli = new(File.OpenRead(path), CompressionMode.Decompress);
        using TarReader tar = new(brotli);
        while (tar.GetNextEntry() is { } entry)
        {
            using MemoryStream bytes = new();
            entry.DataStream?.CopyTo(bytes);
            pack._files.Add(entry.Name, bytes.ToArray());
        }

        return pack;
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Fathom.slnx")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException($"No Fathom.slnx above {AppContext.BaseDirectory}.");
        }

        return folder;
    }
}
