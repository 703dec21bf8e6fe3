namespace Fathom.Hub.Selection;

/// <summary>The names under which repositories keep a tokenizer.</summary>
internal static class TokenizerFiles
{
    /// <summary>Read beside any kind of vocabulary.</summary>
    private static readonly string[] Settings = ["tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "chat_template.jinja", "chat_template.json"];

    /// <summary>Vocabularies in older forms, read only where there is no <c>tokenizer.json</c>.</summary>
    private static readonly string[] Older = ["vocab.json", "merges.txt", "vocab.txt", "tokenizer.model", "spiece.model", "sentencepiece.bpe.model", "qwen.tiktoken"];

    /// <summary>Each of which is a tokenizer, or the main part of one.</summary>
    public static IReadOnlyList<string> Vocabularies { get; } = ["tokenizer.json", "vocab.json", "vocab.txt", "tokenizer.model", "spiece.model", "sentencepiece.bpe.model", "qwen.tiktoken"];

    /// <summary>Every name.</summary>
    public static IReadOnlyList<string> All { get; } = ["tokenizer.json", .. Settings, .. Older];

    /// <summary>The names that will be read, given what a repository has.</summary>
    public static IEnumerable<string> In(IReadOnlyCollection<string> paths) =>
        (paths.Contains("tokenizer.json") ? Settings.Prepend("tokenizer.json") : Settings.Concat(Older)).Where(paths.Contains);
}
