using System.Text.Json;
using Fathom.Tokenization.Files;
using Fathom.Tokenization.Normalizers;
using Fathom.Tokenization.Patterns;
using Fathom.Tokenization.Text;

namespace Fathom.Tokenization.PreTokenizers;

/// <summary>Cuts by GPT-2's pattern (if asked to) and spells every byte as a printable character.</summary>
/// <param name="addPrefixSpace">Puts a space before a text that does not begin with one.</param>
/// <param name="useRegex">Whether it cuts at all.</param>
internal sealed class ByteLevelPreTokenizer(bool addPrefixSpace, bool useRegex) : PreTokenizer
{
    private static readonly Pattern Gpt2 = new(Gpt2Scanner.Pattern);

    /// <summary>Whether a space is put before a text that does not begin with one.</summary>
    public bool AddPrefixSpace { get; } = addPrefixSpace;

    /// <summary>Whether it cuts at all.</summary>
    public bool UseRegex { get; } = useRegex;

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter json) => json.WriteBlock("ByteLevel", ("add_prefix_space", AddPrefixSpace), ("trim_offsets", true), ("use_regex", UseRegex));

    /// <inheritdoc/>
    public override void Split(TextPiece text, List<TextPiece> output)
    {
        if (AddPrefixSpace && text.Length > 0 && text.Scalars[0] != ' ')
        {
            PrependNormalizer.Prepend(text, " ");
        }

        var from = output.Count;
        if (UseRegex)
        {
            Cutting.Apply(text, Gpt2.Cut(text.Scalars), SplitBehavior.Isolated, output);
        }
        else
        {
            output.Add(text);
        }

        for (var i = from; i < output.Count; i++)
        {
            ByteLevelNormalizer.Spell(output[i]);
        }
    }
}
