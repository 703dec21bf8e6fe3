using System.IO.Compression;
using System.Text.Json;

namespace Fathom.Tokenization.Verification;

/// <summary>Compares a tokenizer with what the reference implementation gave for the same texts.</summary>
/// <remarks>
/// Golden files are lines of JSON, or for all scalars one binary file; each kind is told by its keys. <c>docs/tokenizers.md</c>
/// describes them.
/// </remarks>
public static class TokenizerVerification
{
    /// <summary>Compares a model folder's tokenizer with a golden file.</summary>
    /// <param name="folder">The tokenizer's folder.</param>
    /// <param name="goldenFile">A <c>.jsonl</c>, <c>.jsonl.gz</c>, <c>.bin</c> or <c>.bin.gz</c> file.</param>
    /// <exception cref="FileNotFoundException">There is no such golden file.</exception>
    /// <exception cref="InvalidDataException">The golden file is not one of the known kinds.</exception>
    /// <exception cref="TokenizerFormatException">The tokenizer is damaged or not supported.</exception>
    public static TokenizerReport Run(string folder, string goldenFile)
    {
        using var golden = Open(goldenFile);
        return Run(Tokenizer.FromFolder(folder), golden, goldenFile);
    }

    /// <summary>Compares a tokenizer with golden data.</summary>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="golden">The golden data, unpacked.</param>
    /// <param name="name">The golden file's name; <c>.bin</c> in it says the data are the ids of all scalars.</param>
    /// <exception cref="InvalidDataException">The data are not of a known kind.</exception>
    public static TokenizerReport Run(Tokenizer tokenizer, Stream golden, string name)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentNullException.ThrowIfNull(golden);
        ArgumentNullException.ThrowIfNull(name);
        if (name.Contains(".bin", StringComparison.Ordinal))
        {
            return RunScalars(tokenizer, golden, name, stride: 1);
        }

        var differences = new Differences();
        using var reader = new StreamReader(golden);
        for (var line = 1; reader.ReadLine() is { } text; line++)
        {
            using var document = Parse(text, name, line);
            LineCheck.Run(tokenizer, document.RootElement, line, differences);
        }

        return differences.ToReport(name);
    }

    /// <summary>Compares every <paramref name="stride"/>-th scalar.</summary>
    internal static TokenizerReport RunScalars(Tokenizer tokenizer, Stream golden, string name, int stride)
    {
        var differences = new Differences();
        ScalarCheck.Run(tokenizer, golden, stride, differences);
        return differences.ToReport(name);
    }

    private static JsonDocument Parse(string text, string name, int line)
    {
        try
        {
            return JsonDocument.Parse(text);
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{name}, line {line}: {error.Message}", error);
        }
    }

    private static Stream Open(string path)
    {
        var file = File.OpenRead(path);
        return path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file;
    }
}
