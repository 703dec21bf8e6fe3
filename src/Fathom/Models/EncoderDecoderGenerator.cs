using Fathom.Tensors;
using Fathom.Tokenization;

namespace Fathom.Models;

/// <summary>Writes the decoder's tokens one by one. On a cache the encoder runs once, and each step runs its own token only.</summary>
internal static class EncoderDecoderGenerator
{
    /// <summary>Runs steps until every row has ended or the limit is reached.</summary>
    public static IEnumerable<(GeneratedStep Step, IReadOnlyList<GenerationRow> Rows)> Steps(HookedEncoderDecoder model, ModelInput input, ModelInput? begun, GenerationOptions options)
    {
        Sampler.Check(options);
        using var batch = input.Resolve(model, options.PrependBos);
        using var decoder = Begun(model, batch, begun);
        var rows = Generator.Rows(decoder, options);
        RequireRoom(model, decoder.Ids.shape[1], options);
        var filler = model.SpecialTokens.Eos.Count > 0 ? model.SpecialTokens.Eos[0] : model.SpecialTokens.Pad ?? 0;
        using KeyValueCache cache = new();
        var (ids, mask) = (decoder.Ids.alias().DetachFromDisposeScope(), decoder.Mask?.alias().DetachFromDisposeScope());
        try
        {
            for (var step = 0; step < options.MaxNewTokens && !rows.TrueForAll(r => r.HasEnded); step++)
            {
                using var logits = LastLogits(model, batch, ids, mask, options, options.UseCache ? cache : null, step);
                using var open = Open(logits, EncoderInput.Forced(model, decoder.Ids.shape[1], step, options.MaxNewTokens));
                var chosen = Generator.Choose(model, rows, open, options);
                yield return (new(step, chosen, logits), rows);
                Generator.Append(ref ids, ref mask, [.. chosen.Select(c => (long)(c ?? filler))]);
            }
        }
        finally
        {
            ids.Dispose();
            mask?.Dispose();
        }
    }

    private static Tensor LastLogits(HookedEncoderDecoder model, TokenBatch batch, Tensor ids, Tensor? mask, GenerationOptions options, KeyValueCache? cache, int step)
    {
        using var scope = torch.NewDisposeScope();
        var follows = cache is not null && step > 0;
        var logits = model.Forward(batch.Ids, new()
        {
            AttentionMask = batch.Mask,
            DecoderTokens = follows ? ids.narrow(1, ids.shape[1] - 1, 1) : ids,
            DecoderMask = follows ? null : mask,
            Cache = cache,
            Hooks = options.Hooks,
            IsLaterStep = follows,
        });
        return logits.select(1, logits.shape[1] - 1).contiguous().DetachFromDisposeScope();
    }

    /// <summary>Logits that leave only a forced token, where there is one.</summary>
    private static Tensor Open(Tensor logits, int? forced)
    {
        if (forced is not { } token)
        {
            return logits.alias().DetachFromDisposeScope();
        }

        using var scope = torch.NewDisposeScope();
        var ids = Arithmetic.Range(logits.shape[1]).unsqueeze(0);
        return logits.FilledWhere(ids.Is(token), 0).FilledWhere(ids.Is(token).logical_not(), double.NegativeInfinity).DetachFromDisposeScope();
    }

    /// <summary>What the decoder starts from: what the caller wrote, or the start token.</summary>
    private static TokenBatch Begun(HookedEncoderDecoder model, TokenBatch input, ModelInput? begun)
    {
        if (begun is null)
        {
            return new(EncoderInput.DecoderIds(model, input.Ids, RunOptions.Default).DetachFromDisposeScope(), null);
        }

        var batch = begun.Resolve(model, prependBos: false, paddingSide: Side.Left);
        EncoderInput.RequireSameBatch(input.Ids, batch.Ids);
        return batch;
    }

    private static void RequireRoom(HookedEncoderDecoder model, long begun, GenerationOptions options)
    {
        if (ForwardLoop.HasTable(model.Config) && begun + options.MaxNewTokens - 1 > model.Config.NCtx)
        {
            throw new TokenInputException($"The decoder starts with {begun} tokens and {options.MaxNewTokens} more are asked for; its positions end at {model.Config.NCtx}. Ask for at most {Math.Max(0, model.Config.NCtx - begun + 1)}.");
        }
    }
}
