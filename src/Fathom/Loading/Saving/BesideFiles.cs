using System.Text.Json;
using Fathom.Loading.Checkpoints;
using Fathom.Models;

namespace Fathom.Loading.Saving;

/// <summary>The files beside config and weights: the tokenizer's, and how to generate.</summary>
internal static class BesideFiles
{
    private const string Generation = "generation_config.json";

    private static readonly string[] OfTokenizer =
    [
        "tokenizer.json", "tokenizer.json.gz", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "vocab.json", "merges.txt", "vocab.txt",
        "tokenizer.model", "spiece.model", "sentencepiece.bpe.model", "source.spm", "target.spm", "chat_template.jinja", "chat_template.json",
    ];

    /// <summary>Whether a file may belong to a saved model, by its name.</summary>
    public static bool IsOfModel(string name) => name is "config.json" or Generation or "model.safetensors.index.json" or "README.md" or ".gitattributes"
        || name.EndsWith(".safetensors", StringComparison.Ordinal) || OfTokenizer.Contains(name);

    /// <summary>Puts the files there that belong beside the weights: copies of those the model came with, or the tokenizer written anew where it came from elsewhere (a GGUF file, a program).</summary>
    /// <param name="model">The model.</param>
    /// <param name="origin">Where its files are.</param>
    /// <param name="destination">An existing folder.</param>
    /// <returns>Their names.</returns>
    /// <exception cref="UnsavableModelException">A file is a link to somewhere else.</exception>
    public static IReadOnlyList<string> Write(HookedModel model, ModelOrigin origin, string destination)
    {
        List<string> written = [.. origin.Folder is { } folder ? Copied(folder, Generation, destination) : []];
        if (IsWritten(model, origin))
        {
            written.AddRange(Written("tokenizer.json", model.Tokenizer.ToJson()));
            written.AddRange(Written("tokenizer_config.json", model.Tokenizer.ConfigToJson()));
            written.AddRange(written.Contains(Generation) ? [] : Written(Generation, GenerationOf(model)));
        }
        else if (origin.TokenizerFolder is { } tokenizer)
        {
            written.AddRange(OfTokenizer.SelectMany(n => Copied(tokenizer, n, destination)));
        }

        return written;

        IEnumerable<string> Written(string name, byte[] bytes)
        {
            AtomicFile.Write(Path.Combine(destination, name), stream => stream.Write(bytes));
            return [name];
        }
    }

    /// <summary>Whether the tokenizer is written rather than copied: it is not the one that lay in files.</summary>
    public static bool IsWritten(HookedModel model, ModelOrigin origin) =>
        model.HasTokenizer && (origin.TokenizerFolder is null || !ReferenceEquals(model.Tokenizer, origin.Tokenizer));

    /// <summary>Where a text begins and generation ends, which the file of the tokenizer does not say.</summary>
    private static byte[] GenerationOf(HookedModel model)
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes, new() { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            if (model.Tokenizer.BosId is { } bos)
            {
                json.WriteNumber("bos_token_id", bos);
            }

            if (model.Tokenizer.StopIds is { IsEmpty: false } stops)
            {
                json.WriteStartArray("eos_token_id");
                stops.ToList().ForEach(json.WriteNumberValue);
                json.WriteEndArray();
            }

            if (model.Tokenizer.PadId is { } pad)
            {
                json.WriteNumber("pad_token_id", pad);
            }

            json.WriteEndObject();
        }

        bytes.Write("\n"u8);
        return bytes.ToArray();
    }

    private static IEnumerable<string> Copied(string folder, string name, string destination)
    {
        FileInfo file = new(Path.Combine(folder, name));
        if (!file.Exists)
        {
            return [];
        }

        // A snapshot of the hub cache is made of links to the blobs of its own repository; any other link leads out.
        if (file.ResolveLinkTarget(returnFinalTarget: true) is { } target && !IsBlobOf(folder, target.FullName))
        {
            throw new UnsavableModelException($"'{file.FullName}' is a link to {target.FullName}, outside the model's own files, and is not followed. Put the file itself there, or take it away.", [name]);
        }

        // The bytes alone: a file that may not be written must not make a folder that cannot be replaced.
        using var source = file.OpenRead();
        AtomicFile.Write(Path.Combine(destination, name), source.CopyTo);
        return [name];
    }

    private static bool IsBlobOf(string folder, string target)
    {
        var snapshot = new DirectoryInfo(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        return snapshot.Parent is { Name: "snapshots", Parent: { } repository } && Path.GetDirectoryName(Path.GetFullPath(target)) == Path.Combine(repository.FullName, "blobs");
    }
}
