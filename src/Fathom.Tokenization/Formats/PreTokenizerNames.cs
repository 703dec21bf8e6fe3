using System.Collections.Frozen;
using Fathom.Tokenization.Normalizers;
using Fathom.Tokenization.Patterns;
using Fathom.Tokenization.PreTokenizers;

namespace Fathom.Tokenization.Formats;

/// <summary>The names that GGUF files give to ways of cutting text before byte-level merging.</summary>
internal static class PreTokenizerNames
{
    private const string Llama3 = @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
    private const string Qwen2 = @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
    private const string Upper = @"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]";
    private const string Lower = @"[\p{Ll}\p{Lm}\p{Lo}\p{M}]";
    private const string Contractions = "(?i:'s|'t|'re|'ve|'m|'ll|'d)?";
    private const string Cased = @"[^\r\n\p{L}\p{N}]?" + Upper + "*" + Lower + "+{0}|" + @"[^\r\n\p{L}\p{N}]?" + Upper + "+" + Lower + "*{0}|";
    private const string CasedTail = @"| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    private static readonly FrozenDictionary<string, Func<PreTokenizer>> Table = Build();

    /// <summary>Every name.</summary>
    public static IEnumerable<string> All => Table.Keys.Order(StringComparer.Ordinal);

    /// <summary>The pre-tokenizer of a name, or null if the name is not known.</summary>
    public static PreTokenizer? Find(string name) => Table.TryGetValue(name, out var make) ? make() : null;

    /// <summary>The normalizer that the published tokenizers of a name have; GGUF files do not store it.</summary>
    public static Normalizer? Normalizer(string name) => name == "qwen2" ? new UnicodeNormalizer(compatible: false, compose: true) : null;

    private static FrozenDictionary<string, Func<PreTokenizer>> Build()
    {
        Dictionary<string, Func<PreTokenizer>> table = [];
        Add(() => new ByteLevelPreTokenizer(addPrefixSpace: false, useRegex: true), "gpt-2", "phi-2", "mpt", "olmo", "jais", "mellum", "modern-bert", "exaone4", "gigachat", "roberta-bpe");
        Add(() => new SequencePreTokenizer([new DigitsPreTokenizer(individual: true), new ByteLevelPreTokenizer(false, true)]), "smollm", "starcoder", "refact", "command-r", "codeshell", "exaone", "minerva-7b");
        Add(() => Cut(Llama3), "llama3", "llama-bpe", "llama-v3", "dbrx", "smaug-bpe", "glm4", "chatglm-bpe");
        Add(() => Cut(Qwen2), "qwen2", "deepseek-r1-qwen", "stablelm2", "megrez", "hunyuan");
        Add(() => Cut(Cased.Replace("{0}", Contractions, StringComparison.Ordinal) + @"\p{N}{1,3}" + CasedTail), "gpt-4o", "llama4");
        Add(() => Cut(Cased.Replace("{0}", "", StringComparison.Ordinal) + @"\p{N}" + CasedTail), "tekken");
        Add(() => Cut(@"\p{N}{1,3}", "[一-龥぀-ゟ゠-ヿ]+", @"[!""#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"), "deepseek-v3");
        Add(
            () => new SequencePreTokenizer([CharacterPreTokenizer.AtPunctuation(SplitBehavior.Contiguous), new ByteLevelPreTokenizer(false, true), new DigitsPreTokenizer(individual: false), Split("[0-9][0-9][0-9]")]),
            "falcon");
        return table.ToFrozenDictionary();

        void Add(Func<PreTokenizer> make, params string[] names)
        {
            foreach (var name in names)
            {
                table.Add(name, make);
            }
        }
    }

    private static SequencePreTokenizer Cut(params string[] patterns) =>
        new([.. patterns.Select(Split), new ByteLevelPreTokenizer(addPrefixSpace: false, useRegex: false)]);

    private static SplitPreTokenizer Split(string pattern) => new(new Pattern(pattern), SplitBehavior.Isolated, invert: false);
}
