using Fathom.Models;
using Fathom.Tensors;

namespace Fathom.Verification;

/// <summary>Compares what a model writes, and how its tokenizer reads.</summary>
internal static class GoldenTexts
{
    private const int Shown = 30;
    private const string Prompts = "prompts";

    private static readonly string[] Kinds = [Prompts, "chats"];

    /// <summary>Compares greedy continuations: every id must be the golden one.</summary>
    public static void Compare(HookedTransformer model, GoldenJson texts, GoldenReport report)
    {
        var never = model.SpecialTokens.Eos;
        foreach (var (kind, row, text) in Kinds.Where(texts.Has).SelectMany(kind => texts.Parts(kind).Select((text, row) => (kind, row, text))))
        {
            using var scope = torch.NewDisposeScope();
            var (ids, expected) = (text.Ids("ids"), text.Ids("continuation_ids"));

            // A prompt's continuation has a length it must reach: until then the end of text is not among the choices.
            var made = Greedy.Cached(model, Row(ids), expected.Length, kind == Prompts ? never : []).data<long>().ToArray();
            var end = kind == Prompts ? EndsAt(model, ids, expected) : null;
            report.Ids($"generation.{kind}.{row}", $"{expected.Length} greedy tokens after {ids.Length} on a cache: {Quoted(text.Text("continuation"))}{(end is null ? "" : $", kept from ending at token {end}")}", expected.Length, made.Zip(expected).Count(pair => pair.First != pair.Second));
        }
    }

    /// <summary>Compares ids of texts, to which the tokenizer adds nothing.</summary>
    public static void CompareTokens(HookedTransformer model, GoldenJson tokens, GoldenReport report)
    {
        var texts = tokens.Parts("texts");
        if (!model.HasTokenizer)
        {
            report.Note("tokens.json was not compared: the model has no tokenizer.");
            return;
        }

        var wrong = texts.Where(text => !model.Tokenizer.EncodeToIds(text.Text("text"), addSpecialTokens: false).SequenceEqual(text.Ids("ids"))).Select(text => text.Text("text")).ToList();
        report.Ids("tokens", wrong.Count == 0 ? "ids of texts by the model's tokenizer" : $"ids of texts by the model's tokenizer; {Quoted(wrong[0])} differs", texts.Count, wrong.Count);
    }

    /// <summary>The first place, counted from one, where the model would rather end the text; nothing if there is none.</summary>
    private static int? EndsAt(HookedTransformer model, int[] ids, int[] continuation)
    {
        var best = model.Forward(Row([.. ids, .. continuation]))[0].narrow(0, ids.Length - 1, continuation.Length).argmax(-1).data<long>().ToArray();
        var at = Array.FindIndex(best, id => model.SpecialTokens.Eos.Contains((int)id));
        return at < 0 ? null : at + 1;
    }

    private static Tensor Row(int[] ids) => torch.tensor(ids.Select(id => (long)id).ToArray()).unsqueeze(0);

    private static string Quoted(string text)
    {
        var line = text.ReplaceLineEndings(" ");
        return $"\"{(line.Length > Shown ? line[..Shown] + "..." : line)}\"";
    }
}
