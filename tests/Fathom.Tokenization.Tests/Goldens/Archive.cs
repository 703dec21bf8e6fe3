using System.Collections.Concurrent;
using System.Formats.Tar;
using System.IO.Compression;

namespace Fathom.Tokenization.Tests.Goldens;

/// <summary>Reads the packed fixtures: tar files under brotli.</summary>
internal static class Archive
{
    private static readonly ConcurrentDictionary<string, Lazy<Dictionary<string, byte[]>>> Loaded = new();
    private static readonly ConcurrentDictionary<string, Lazy<Tokenizer>> Tokenizers = new();

    /// <summary>All files of an archive, by name.</summary>
    public static Dictionary<string, byte[]> Files(string archive) => Loaded.GetOrAdd(archive, name => new(() =>
    {
        var files = new Dictionary<string, byte[]>();
        Read(name, (entry, data) =>
        {
            using var memory = new MemoryStream();
            data.CopyTo(memory);
            files[entry] = memory.ToArray();
        });
        return files;
    })).Value;

    /// <summary>Passes through an archive without keeping it.</summary>
    public static void Read(string archive, Action<string, Stream> visit)
    {
        using var brotli = new BrotliStream(File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Fixtures", archive + ".tar.br")), CompressionMode.Decompress);
        using var reader = new TarReader(brotli);
        while (reader.GetNextEntry() is { } entry)
        {
            visit(entry.Name, entry.DataStream ?? Stream.Null);
        }
    }

    /// <summary>A tokenizer of the fixtures, read once.</summary>
    public static Tokenizer Tokenizer(string name) => Tokenizers.GetOrAdd(name, key => new(() => Fathom.Tokenization.Tokenizer.FromJson(Json(key), key))).Value;

    /// <summary>The same tokenizer without its fast path.</summary>
    public static Tokenizer General(string name) => new(Parts(name), fast: false);

    /// <summary>A tokenizer's file.</summary>
    public static byte[] Json(string name) => Files(name switch
    {
        "bert" or "bert-minilm" => "real-bert",
        "gpt2" or "smollm2" or "gpt-neox" => "real-" + name,
        _ => "trained-tokenizers",
    })[name + "/tokenizer.json"];

    /// <summary>The names of the tokenizers trained for these tests.</summary>
    public static IEnumerable<string> Trained => Files("trained-tokenizers").Keys.Select(name => name.Split('/')[0]);

    private static Tokenization.Files.TokenizerParts Parts(string name) => Tokenization.Files.TokenizerJson.Read(Json(name), name);
}
