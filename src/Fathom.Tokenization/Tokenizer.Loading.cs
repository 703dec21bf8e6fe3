using Fathom.Tokenization.Files;

namespace Fathom.Tokenization;

public sealed partial class Tokenizer
{
    /// <summary>Reads the tokenizer of a model folder, with all the files that belong to it.</summary>
    /// <param name="path">A folder with <c>tokenizer.json</c> (or <c>.json.gz</c>), <c>vocab.json</c> and <c>merges.txt</c>, or <c>vocab.txt</c>.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="TokenizerFormatException">A file is damaged, or asks for something that is not implemented.</exception>
    public static Tokenizer FromFolder(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new Tokenizer(TokenizerFolder.Read(path));
    }

    /// <summary>Reads one <c>tokenizer.json</c> (or <c>.json.gz</c>), without the files beside it.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="TokenizerFormatException">The file is damaged, or asks for something that is not implemented.</exception>
    public static Tokenizer FromFile(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new Tokenizer(TokenizerJson.Read(TokenizerFolder.ReadBytes(path), path));
    }

    /// <summary>Reads the text of a <c>tokenizer.json</c>.</summary>
    /// <param name="json">UTF-8.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <exception cref="TokenizerFormatException">The text is damaged, or asks for something that is not implemented.</exception>
    public static Tokenizer FromJson(ReadOnlySpan<byte> json, string name = "tokenizer.json") => new(TokenizerJson.Read(json, name));

    /// <summary>Reads a byte-level vocabulary in GPT-2's two files.</summary>
    /// <param name="vocabPath"><c>vocab.json</c>.</param>
    /// <param name="mergesPath"><c>merges.txt</c>.</param>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="TokenizerFormatException">A file is damaged.</exception>
    public static Tokenizer FromVocabAndMerges(string vocabPath, string mergesPath)
    {
        ArgumentException.ThrowIfNullOrEmpty(vocabPath);
        ArgumentException.ThrowIfNullOrEmpty(mergesPath);
        return new Tokenizer(VocabAndMerges.Read(vocabPath, mergesPath, new TokenizerSettings()));
    }
}
