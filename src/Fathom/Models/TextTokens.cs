using Fathom.Tokenization;

namespace Fathom.Models;

/// <summary>Turns texts into ids, with the beginning-of-sequence token once or not at all.</summary>
internal static class TextTokens
{
    /// <summary>The ids of one text.</summary>
    public static int[] Encode(HookedModel model, string text, bool? prependBos)
    {
        if (model.FramesTexts)
        {
            return [.. model.Tokenizer.Encode(text, addSpecialTokens: prependBos ?? true).Ids];
        }

        var wants = prependBos ?? model.DefaultPrependBos;
        var ids = model.Tokenizer.Encode(text, addSpecialTokens: true).Ids.ToArray();
        if (model.SpecialTokens.Bos is not { } bos)
        {
            return wants && prependBos == true
                ? throw new TokenInputException($"{model.Source.Name} has no beginning-of-sequence token that could be put in front (prependBos, --bos): leave it out.")
                : ids;
        }

        var has = ids.Length > 0 && ids[0] == bos;
        if (wants)
        {
            return has ? ids : [bos, .. ids];
        }

        var added = has && !text.StartsWith(model.Tokenizer.IdToToken(bos) ?? "\0", StringComparison.Ordinal);
        return added ? ids[1..] : ids;
    }

    /// <summary>The ids of several texts, padded to the longest, with their mask.</summary>
    public static TokenBatch Encode(HookedModel model, IReadOnlyList<string> texts, bool? prependBos, Side? paddingSide)
    {
        if (texts.Count == 0)
        {
            throw new TokenInputException("There is no text to run: the list is empty.");
        }

        var rows = texts.Select(t => Encode(model, t, prependBos)).ToList();
        if (rows.FindIndex(r => r.Length == 0) is var empty and >= 0)
        {
            throw new TokenInputException($"{(rows.Count == 1 ? "The prompt" : $"Prompt {empty}")} is empty: it has no tokens. Write a prompt, or run with a beginning-of-sequence token.");
        }

        var longest = rows.Max(r => r.Length);
        if (rows.TrueForAll(r => r.Length == longest))
        {
            return new(Rows(rows.SelectMany(r => r), rows.Count, longest), null);
        }

        var pad = model.SpecialTokens.Pad ?? throw new TokenInputException($"{model.Source.Name} has no padding or end-of-sequence token, and the prompts have {rows.Min(r => r.Length)} to {longest} tokens. Choose one: model.SpecialTokens = model.SpecialTokens with {{ Pad = id }}; any id does, because the mask hides it.");
        var left = (paddingSide ?? model.PaddingSide) == Side.Left;
        var fill = rows.Select(r => Enumerable.Repeat(pad, longest - r.Length).ToArray()).ToList();
        var ids = rows.Zip(fill).SelectMany(p => left ? p.Second.Concat(p.First) : p.First.Concat(p.Second));
        var mask = rows.Zip(fill).SelectMany(p => left
            ? Enumerable.Repeat(0, p.Second.Length).Concat(Enumerable.Repeat(1, p.First.Length))
            : Enumerable.Repeat(1, p.First.Length).Concat(Enumerable.Repeat(0, p.Second.Length)));
        return new(Rows(ids, rows.Count, longest), Rows(mask, rows.Count, longest));
    }

    private static Tensor Rows(IEnumerable<int> values, long rows, long columns)
    {
        using var flat = torch.tensor([.. values.Select(v => (long)v)], torch.int64);
        return flat.view(rows, columns).DetachFromDisposeScope();
    }
}
