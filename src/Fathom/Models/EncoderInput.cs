using Fathom.Components;
using Fathom.Tensors;

namespace Fathom.Models;

/// <summary>What the two stacks of an encoder-decoder are given, checked.</summary>
internal static class EncoderInput
{
    /// <summary>The encoder's ids and mask, each <c>[batch, pos]</c>.</summary>
    /// <exception cref="TokenInputException">They are no valid input.</exception>
    public static (Tensor Ids, Tensor? Mask) Checked(HookedEncoderDecoder model, Tensor tokens, RunOptions options)
    {
        if (options.StopAtLayer is not null)
        {
            throw new TokenInputException("An encoder-decoder has two stacks, so RunOptions.StopAtLayer does not say where to stop. Read the stream with a hook instead, e.g. 'encoder.0.hook_resid_post' or 'decoder.0.hook_resid_pre'; Encode runs the encoder alone.");
        }

        var ids = ForwardLoop.Checked(tokens, model.Config, options with { Cache = null });
        ForwardLoop.TokenTypes(ids, model.Config, options);
        return (ids, ForwardLoop.Mask(options.AttentionMask, ids.shape[0], ids.shape[1]));
    }

    /// <summary>The decoder's ids: the run's own, or the start token for each sequence.</summary>
    /// <exception cref="TokenInputException">There are none, and none can be assumed.</exception>
    public static Tensor DecoderIds(HookedEncoderDecoder model, Tensor input, RunOptions options)
    {
        if (options.DecoderTokens is { } given)
        {
            return given;
        }

        if (options.Cache is { Count: > 0 })
        {
            throw new TokenInputException($"The cache holds {options.Cache.Count} positions of the decoder; give the tokens that follow as RunOptions.DecoderTokens.");
        }

        var start = model.DecoderStartToken ?? throw new TokenInputException($"{model.Source.Name} names no token that its decoder starts with; give the decoder's tokens as RunOptions.DecoderTokens, or set model.DecoderStartToken.");
        return Arithmetic.Full([input.shape[0], 1], start, torch.int64);
    }

    /// <summary>The token that a step of an answer has to take, whatever the logits; <see langword="null"/> if it is free.</summary>
    /// <param name="model">The model.</param>
    /// <param name="begun">The number of tokens the decoder started from.</param>
    /// <param name="step">The step, from 0.</param>
    /// <param name="steps">The number of steps at most.</param>
    public static int? Forced(HookedEncoderDecoder model, long begun, int step, int steps) =>
        step == 0 && begun == 1 && model.ForcedFirstToken is { } first ? first : step == steps - 1 ? model.ForcedLastToken : null;

    /// <summary>Fails unless both stacks are given as many sequences.</summary>
    public static void RequireSameBatch(Tensor input, Tensor decoder)
    {
        if (input.shape[0] != decoder.shape[0])
        {
            throw new TokenInputException($"The encoder is given {input.shape[0]} sequences and the decoder {decoder.shape[0]}; each input needs its own. Repeat the one or the other.");
        }
    }

    /// <summary>The encoded input that a cache holds, after checking that it is this one; <see langword="null"/> if it holds none.</summary>
    /// <exception cref="TokenInputException">The cache holds another input.</exception>
    public static EncoderMemory? Held(KeyValueCache? cache, Tensor input, Tensor? mask)
    {
        if (cache?.Memory is not { } memory)
        {
            return null;
        }

        return memory.IsOf(input, mask)
            ? memory
            : throw new TokenInputException($"The cache holds another encoded input ([{memory.Batch}, {memory.Length}]; this one is [{string.Join(", ", input.shape)}], or differs in ids or mask). Use one cache for each input.");
    }
}
