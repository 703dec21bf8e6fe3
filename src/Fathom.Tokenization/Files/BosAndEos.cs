using Fathom.Tokenization.PostProcessors;

namespace Fathom.Tokenization.Files;

/// <summary>Honours <c>add_bos_token</c> and <c>add_eos_token</c> for the classes that do.</summary>
/// <remarks>
/// The template of <c>tokenizer.json</c> is the rule. Only where the class rebuilds its template from the two flags, and the file sets
/// one of them to something else than the template does, the flags win, as they do in transformers.
/// </remarks>
internal static class BosAndEos
{
    private static readonly string[] Classes = ["LlamaTokenizer", "CodeLlamaTokenizer", "GemmaTokenizer", "GPT2Tokenizer", "CohereTokenizer"];

    /// <summary>The parts with the template that the flags ask for.</summary>
    /// <exception cref="TokenizerFormatException">A flag asks for a token that no file names or the vocabulary does not hold.</exception>
    public static TokenizerParts Apply(TokenizerParts parts, string folder)
    {
        var settings = parts.Settings;
        var name = settings.TokenizerClass?.Replace("Fast", "", StringComparison.Ordinal);
        if (!Classes.Contains(name) || (settings.AddBosToken is null && settings.AddEosToken is null))
        {
            return parts;
        }

        var (before, after) = SpecialFrame.Of(parts.PostProcessor);
        var bos = Find(parts, settings.BosToken);
        var eos = Find(parts, settings.EosToken);
        // Anything else around the text is a template that these flags know nothing about.
        if (before.Any(id => id != bos) || after.Any(id => id != eos))
        {
            return parts;
        }

        var addBos = settings.AddBosToken ?? before.Length > 0;
        var addEos = settings.AddEosToken ?? after.Length > 0;
        if (addBos == before.Length > 0 && addEos == after.Length > 0)
        {
            return parts;
        }

        if ((addBos && bos < 0) || (addEos && eos < 0))
        {
            throw new TokenizerFormatException(Path.Combine(folder, "tokenizer_config.json"), addBos && bos < 0 ? "add_bos_token" : "add_eos_token", "is true, but there is no such token in the vocabulary.");
        }

        List<TemplatePart> Frame(int sequence, int type)
        {
            List<TemplatePart> frame = addBos ? [new TemplatePart(-1, [bos], type)] : [];
            frame.Add(new TemplatePart(sequence, [], type));
            return addEos ? [.. frame, new TemplatePart(-1, [eos], type)] : frame;
        }

        var template = new TemplatePostProcessor(Frame(0, 0), [.. Frame(0, 0), .. Frame(1, 1)]);
        return parts with
        {
            PostProcessor = parts.PostProcessor is ByteLevelPostProcessor trim ? new SequencePostProcessor([trim, template]) : template,
        };
    }

    private static int Find(TokenizerParts parts, string? token) => token is null ? -1
        : parts.AddedTokens.FirstOrDefault(added => added.Content == token)?.Id ?? parts.Model.Vocabulary.IdOf(token);
}
