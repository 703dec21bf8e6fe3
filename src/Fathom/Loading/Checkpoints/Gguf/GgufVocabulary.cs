namespace Fathom.Loading.Checkpoints.Gguf;

/// <summary>The tokenizer part of a GGUF file's metadata, checked for consistency. Building a tokenizer from it is not this room's work.</summary>
/// <param name="Model">Kind: <c>gpt2</c> byte-level BPE, <c>llama</c> SentencePiece BPE, <c>bert</c>, <c>t5</c>, <c>rwkv</c>, <c>none</c>.</param>
/// <param name="PreTokenizer">Which split regex, for <c>gpt2</c> kinds; null when absent.</param>
/// <param name="Tokens">The pieces; the index is the id.</param>
/// <param name="Scores">One score a token, or null.</param>
/// <param name="Types">One type a token (1 normal, 2 unknown, 3 control, 4 user-defined, 5 unused, 6 byte), or null.</param>
/// <param name="Merges">Pairs in rank order, or null.</param>
/// <param name="SpecialIds">Ids by their key, such as <c>bos</c>, <c>eos</c>, <c>eot</c>, <c>unknown</c>, <c>padding</c>.</param>
/// <param name="Switches">The switches the file states, such as <c>add_bos_token</c>; an absent one has its kind's default.</param>
/// <param name="ChatTemplate">Jinja source, or null.</param>
public sealed record GgufVocabulary(
    string Model,
    string? PreTokenizer,
    IReadOnlyList<string> Tokens,
    IReadOnlyList<double>? Scores,
    IReadOnlyList<long>? Types,
    IReadOnlyList<(string Left, string Right)>? Merges,
    IReadOnlyDictionary<string, long> SpecialIds,
    IReadOnlyDictionary<string, bool> Switches,
    string? ChatTemplate)
{
    private const string Prefix = "tokenizer.ggml.";

    private static readonly string[] SwitchNames = ["add_bos_token", "add_eos_token", "add_sep_token", "add_space_prefix", "remove_extra_whitespaces"];

    /// <summary>Reads and checks the vocabulary.</summary>
    /// <returns>Null when the file has no tokenizer.</returns>
    /// <exception cref="InvalidCheckpointException">Lists of different lengths, ids out of range, merges without a space, duplicate tokens.</exception>
    public static GgufVocabulary? Read(GgufCheckpoint file)
    {
        ArgumentNullException.ThrowIfNull(file);
        var metadata = file.Gguf;
        if (metadata.Texts(Prefix + "tokens") is not { } tokens)
        {
            return null;
        }

        var (scores, types) = (metadata.Numbers(Prefix + "scores"), metadata.Integers(Prefix + "token_type"));
        CheckLength(file, tokens, scores?.Count, "scores");
        CheckLength(file, tokens, types?.Count, "token types");
        return new(
            metadata.Text(Prefix + "model") ?? throw Invalid(file, $"{Prefix}tokens is given but {Prefix}model is not."),
            metadata.Text(Prefix + "pre"),
            tokens,
            scores,
            types,
            Pairs(file, metadata.Texts(Prefix + "merges")),
            Ids(file, tokens.Count),
            SwitchNames.Where(s => metadata.Contains(Prefix + s)).ToDictionary(s => s, s => metadata.Flag(Prefix + s)!.Value),
            metadata.Text("tokenizer.chat_template"));
    }

    private static void CheckLength(GgufCheckpoint file, IReadOnlyList<string> tokens, int? count, string what)
    {
        if (count is { } n && n != tokens.Count)
        {
            throw Invalid(file, $"the vocabulary has {tokens.Count} tokens but {n} {what}.");
        }
    }

    private static Dictionary<string, long> Ids(GgufCheckpoint file, int tokens)
    {
        Dictionary<string, long> ids = [];
        foreach (var key in file.Gguf.Keys.Where(k => k.StartsWith(Prefix, StringComparison.Ordinal) && k.EndsWith("_token_id", StringComparison.Ordinal)))
        {
            var id = file.Gguf.Integer(key)!.Value;
            ids[key[Prefix.Length..^"_token_id".Length]] = id >= 0 && id < tokens ? id : throw Invalid(file, $"{key} is {id}, but the vocabulary has {tokens} tokens.");
        }

        return ids;
    }

    private static (string Left, string Right)[]? Pairs(GgufCheckpoint file, IReadOnlyList<string>? merges)
    {
        if (merges is null)
        {
            return null;
        }

        var pairs = new (string, string)[merges.Count];
        for (var i = 0; i < pairs.Length; i++)
        {
            // The first space after position 0: a piece may itself begin with one.
            var merge = merges[i];
            var space = merge.Length > 1 ? merge.IndexOf(' ', 1) : -1;
            pairs[i] = space > 0 && space < merge.Length - 1 ? (merge[..space], merge[(space + 1)..]) : throw Invalid(file, $"merge {i} is '{merge}', which is not two pieces with a space between.");
        }

        return pairs;
    }

    private static InvalidCheckpointException Invalid(GgufCheckpoint file, string problem) => new(file.Source, problem);
}
