using System.IO.Compression;

namespace Fathom.Tokenization.Files;

/// <summary>Finds and reads the tokenizer of a model folder.</summary>
internal static class TokenizerFolder
{
    /// <summary>Reads all files that belong to a folder's tokenizer.</summary>
    public static TokenizerParts Read(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException($"There is no folder \"{folder}\".");
        }

        foreach (var name in (ReadOnlySpan<string>)["tokenizer.json", "tokenizer.json.gz"])
        {
            var path = Path.Combine(folder, name);
            if (File.Exists(path))
            {
                return TokenizerJson.Read(ReadBytes(path), path);
            }
        }

        var (vocab, merges) = (Path.Combine(folder, "vocab.json"), Path.Combine(folder, "merges.txt"));
        if (File.Exists(vocab) && File.Exists(merges))
        {
            return VocabAndMerges.Read(vocab, merges);
        }

        throw new TokenizerFormatException(folder, "folder", "no tokenizer here. Looked for tokenizer.json, vocab.json with merges.txt.");
    }

    /// <summary>Reads a file, unpacking <c>.gz</c>.</summary>
    public static byte[] ReadBytes(string path)
    {
        if (!path.EndsWith(".gz", StringComparison.Ordinal))
        {
            return File.ReadAllBytes(path);
        }

        using var packed = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        using var memory = new MemoryStream();
        packed.CopyTo(memory);
        return memory.ToArray();
    }
}
