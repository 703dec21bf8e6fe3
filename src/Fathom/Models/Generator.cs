using Fathom.Tensors;
using Fathom.Tokenization;

namespace Fathom.Models;

/// <summary>Continues sequences token by token, on a cache or without.</summary>
internal static class Generator
{
    /// <summary>Runs steps until every row has ended or the limit is reached.</summary>
    public static IEnumerable<(GeneratedStep Step, IReadOnlyList<GenerationRow> Rows)> Steps(HookedTransformer model, ModelInput input, GenerationOptions options)
    {
        Sampler.Check(options);
        using var batch = input.Resolve(model, options.PrependBos, Side.Left);
        var rows = Rows(batch, options);
        RequireRoom(model, batch.Ids.shape[1], options);
        using KeyValueCache cache = new();
        var (ids, mask) = (batch.Ids.alias().DetachFromDisposeScope(), batch.Mask?.alias().DetachFromDisposeScope());
        var filler = model.SpecialTokens.Eos.Count > 0 ? model.SpecialTokens.Eos[0] : model.SpecialTokens.Pad ?? 0;
        try
        {
            for (var step = 0; step < options.MaxNewTokens && !rows.TrueForAll(r => r.HasEnded); step++)
            {
                using var logits = LastLogits(model, options.UseCache && step > 0 ? Last(ids) : ids, mask, options, cache, step);
                var chosen = Choose(model, rows, logits, options);
                yield return (new(step, chosen, logits), rows);
                Append(ref ids, ref mask, [.. chosen.Select(c => (long)(c ?? filler))]);
            }
        }
        finally
        {
            ids.Dispose();
            mask?.Dispose();
        }
    }

    private static Tensor LastLogits(HookedTransformer model, Tensor ids, Tensor? mask, GenerationOptions options, KeyValueCache cache, int step)
    {
        using var scope = torch.NewDisposeScope();
        var own = options.UseCache && step > 0 ? null : mask;
        using var last = options.UseCache && step > 0 ? ids : null;
        var logits = model.Forward(ids, new() { AttentionMask = own, Cache = options.UseCache ? cache : null, Hooks = options.Hooks });
        return logits.select(1, logits.shape[1] - 1).contiguous().DetachFromDisposeScope();
    }

    private static Tensor Last(Tensor ids) => ids.narrow(1, ids.shape[1] - 1, 1).DetachFromDisposeScope();

    /// <summary>Takes the next token of every row that has not ended, and notes which rows end with it.</summary>
    /// <param name="model">The model, for tokens with a role and for texts.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="logits">Logits, <c>[batch, d_vocab]</c>.</param>
    /// <param name="options">How tokens are chosen.</param>
    internal static int?[] Choose(HookedModel model, List<GenerationRow> rows, Tensor logits, GenerationOptions options)
    {
        var all = logits.ToFloats();
        var width = (int)logits.shape[1];
        var chosen = new int?[rows.Count];
        for (var r = 0; r < rows.Count; r++)
        {
            if (rows[r].HasEnded)
            {
                continue;
            }

            var id = rows[r].Take(all.AsSpan(r * width, width));
            chosen[r] = id;
            rows[r].HasEnded = (options.StopAtEos && model.SpecialTokens.Eos.Contains(id)) || options.StopTokens.Contains(id) || EndsWithStop(model, rows[r], options);
        }

        return chosen;
    }

    private static bool EndsWithStop(HookedModel model, GenerationRow row, GenerationOptions options)
    {
        if (options.StopStrings.Count == 0)
        {
            return false;
        }

        var text = model.Tokenizer.Decode(row.New);
        return options.StopStrings.Any(s => text.Contains(s, StringComparison.Ordinal));
    }

    /// <summary>Lengthens every row by a token, and the mask with them.</summary>
    internal static void Append(ref Tensor ids, ref Tensor? mask, long[] next)
    {
        using var scope = torch.NewDisposeScope();
        var longer = torch.cat([ids, torch.tensor(next, torch.int64).unsqueeze(1)], 1).DetachFromDisposeScope();
        ids.Dispose();
        ids = longer;
        if (mask is not null)
        {
            var wider = torch.cat([mask, torch.ones([next.Length, 1], mask.dtype)], 1).DetachFromDisposeScope();
            mask.Dispose();
            mask = wider;
        }
    }

    /// <summary>The rows of a batch, without padding.</summary>
    internal static List<GenerationRow> Rows(TokenBatch batch, GenerationOptions options)
    {
        var (ids, mask, width) = (batch.Ids.ToIds(), batch.Mask?.ToIds(), (int)batch.Ids.shape[1]);
        return [.. Enumerable.Range(0, (int)batch.Ids.shape[0]).Select(r => new GenerationRow(options, r,
            [.. Enumerable.Range(r * width, width).Where(i => mask is null || mask[i] != 0).Select(i => (int)ids[i])]))];
    }

    private static void RequireRoom(HookedTransformer model, long prompt, GenerationOptions options)
    {
        if (ForwardLoop.HasTable(model.Config) && prompt + options.MaxNewTokens - 1 > model.Config.NCtx)
        {
            throw new TokenInputException($"The prompt has {prompt} tokens and {options.MaxNewTokens} more are asked for; this model's context is {model.Config.NCtx}. Ask for at most {Math.Max(0, model.Config.NCtx - prompt + 1)}.");
        }
    }
}
