using Fathom.Models;

namespace Fathom.Patching;

/// <summary>From prompts to token ids and to the text of tokens.</summary>
internal static class PromptTokens
{
    /// <summary>The ids of a prompt, checked against the model.</summary>
    public static int[] Encode(StackedModel model, Prompt prompt, bool? prependBos)
    {
        var ids = prompt.Ids is { } given ? [.. given] : Encoded(model, prompt.Text!, prependBos);
        if (ids.Length == 0)
        {
            throw new SweepInputException("A prompt has no tokens. Write a prompt, or run with a beginning-of-sequence token.");
        }

        if (Array.FindIndex(ids, i => i < 0 || i >= model.Config.DVocab) is var bad and >= 0)
        {
            throw new SweepInputException($"Token id {ids[bad]} at position {bad} is outside the vocabulary of {model.Config.DVocab} rows (0 to {model.Config.DVocab - 1}).");
        }

        return ids;
    }

    /// <summary>The id of a text that is one token.</summary>
    public static int Single(StackedModel model, string text) => model.ToSingleToken(text);

    /// <summary>The text of each token; ids where the model has no tokenizer.</summary>
    public static IReadOnlyList<string> Texts(StackedModel model, IReadOnlyList<int> ids) =>
        model.HasTokenizer ? [.. ids.Select(i => model.ToSingleStrToken(i))] : [.. ids.Select(i => $"<id {i}>")];

    /// <summary>What a token is called on an axis: its text, or its bytes in hex where it is a part of a character, so that such tokens can be told apart.</summary>
    public static string Label(StackedModel model, int id) =>
        Texts(model, [id])[0] is var text && model.HasTokenizer && text.Contains('\uFFFD') ? model.Tokenizer.DisplayName(id) : text;

    private static int[] Encoded(StackedModel model, string text, bool? prependBos)
    {
        using var ids = model.ToTokens(text, prependBos);
        return [.. ids.data<long>().ToArray().Select(i => (int)i)];
    }
}
