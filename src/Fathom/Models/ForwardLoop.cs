using Fathom.Components;
using Fathom.Configuration;

namespace Fathom.Models;

/// <summary>The one loop over blocks, and what surrounds it.</summary>
internal static class ForwardLoop
{
    /// <summary>Runs blocks <paramref name="start"/> up to (not including) <paramref name="stop"/>; each block's intermediates are freed when it ends.</summary>
    public static Tensor Run(StackedModel model, Tensor resid, Pass pass, int start, int stop)
    {
        for (var i = start; i < stop; i++)
        {
            using var scope = torch.NewDisposeScope();
            resid = model.Blocks[i].Forward(resid, pass).MoveToOuterDisposeScope();
        }

        return resid;
    }

    /// <summary>Resolves a layer with Python's rule for negative indices.</summary>
    public static int? StopLayer(int? layer, int layers)
    {
        if (layer is not { } l)
        {
            return null;
        }

        var resolved = l < 0 ? layers + l : l;
        return resolved >= 0 && resolved <= layers
            ? resolved
            : throw new TokenInputException($"Layer {l} does not exist: the model has layers 0 to {layers - 1} (or {-layers} to -1), and {layers} stands for the end.");
    }

    /// <summary>Checks ids and gives them two axes.</summary>
    public static Tensor Checked(Tensor tokens, ModelConfig config, RunOptions options)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        if (config.Encoder is null && (options.DecoderTokens is not null || options.DecoderMask is not null))
        {
            throw new TokenInputException($"{config.Architecture} has one stack, which reads the tokens themselves; RunOptions.DecoderTokens and DecoderMask are for a HookedEncoderDecoder. Leave them out.");
        }

        tokens = tokens.dim() == 1 ? tokens.unsqueeze(0) : tokens;
        if (tokens.dim() != 2 || tokens.dtype is not (torch.ScalarType.Int64 or torch.ScalarType.Int32))
        {
            throw new TokenInputException($"Token ids are int64 of shape [batch, pos] or [pos]; found {tokens.dtype} [{string.Join(", ", tokens.shape)}].");
        }

        if (tokens.shape[0] == 0 || tokens.shape[1] == 0)
        {
            throw new TokenInputException("The prompt has no tokens: pass at least one (a model with a beginning-of-sequence token gets it unless it is switched off).");
        }

        var (low, high) = (tokens.min().to(torch.int64).item<long>(), tokens.max().to(torch.int64).item<long>());
        if (low < 0 || high >= config.DVocab)
        {
            throw new TokenInputException($"Token id {(low < 0 ? low : high)} is outside the vocabulary of {config.DVocab} rows (0 to {config.DVocab - 1}).");
        }

        var length = tokens.shape[1] + (options.Cache?.Count ?? 0);
        if (HasTable(config) && length > config.NCtx && options.PositionIds is null && (length = Real(options.AttentionMask, length, options.Cache)) > config.NCtx)
        {
            throw new TokenInputException($"The prompt has {length} tokens; this model's context is {config.NCtx} and {(config.EndsAtContext ? "the rule of its positions is another one beyond it" : "its learned positions end there")}. Shorten the prompt by {length - config.NCtx}.");
        }

        return tokens.to(torch.int64);
    }

    /// <summary>The token type of every row, <c>[rows]</c>, checked; <see langword="null"/> if the run gives none.</summary>
    public static Tensor? TokenTypes(Tensor tokens, ModelConfig config, RunOptions options)
    {
        if (options.TokenTypes is not { } types)
        {
            return null;
        }

        if (config.TokenTypes is not { } known)
        {
            throw new TokenInputException($"{config.Architecture} has no token types; leave RunOptions.TokenTypes out.");
        }

        types = types.dim() == 1 ? types.unsqueeze(0) : types;
        if (types.dim() != 2 || types.shape[1] != tokens.shape[1] || (types.shape[0] != tokens.shape[0] && types.shape[0] != 1) || types.dtype is not (torch.ScalarType.Int64 or torch.ScalarType.Int32))
        {
            throw new TokenInputException($"The token types are {types.dtype} [{string.Join(", ", types.shape)}]; the input is [batch={tokens.shape[0]}, pos={tokens.shape[1]}]. Give one whole number per token.");
        }

        var (low, high) = (types.min().to(torch.int64).item<long>(), types.max().to(torch.int64).item<long>());
        return low < 0 || high >= known
            ? throw new TokenInputException($"Token type {(low < 0 ? low : high)} does not exist: the model has {known} (0 to {known - 1}).")
            : types.to(torch.int64).expand(tokens.shape[0], tokens.shape[1]).reshape(-1);
    }

    /// <summary>The number of tokens of the longest row that a mask counts as real. On a cache, whose own mask may hide some, the longest is not known here.</summary>
    private static long Real(Tensor? mask, long length, KeyValueCache? cache) => mask is null ? length
        : cache is { Count: > 0 } ? 0
        : mask.to(torch.int64).sum(dim: mask.dim() - 1).max().item<long>();

    /// <summary>Whether the context ends: positions come from a table, or what the reference computes beyond it is another rule.</summary>
    public static bool HasTable(ModelConfig config) => config.Positions is LearnedPositions || config.EndsAtContext;

    /// <summary>The segment of a plain run, on the cache if there is one.</summary>
    public static Segment Segment(Tensor input, RunOptions options)
    {
        var (batch, length) = (input.shape[0], input.shape[1]);
        var mask = Mask(options.AttentionMask, batch, length);
        if (options.Cache is { } cache)
        {
            return new(batch, length, cache.Prefix, cache.JoinMask(mask, batch, length), options.PositionIds?.to(torch.int64).alias());
        }

        return new(batch, length, NoPrefix.Instance, mask, options.PositionIds?.to(torch.int64).alias());
    }

    /// <summary>A mask of a run as booleans, <c>[batch, pos]</c>; <see langword="null"/> if there is none.</summary>
    /// <exception cref="TokenInputException">Its shape is not that of the tokens.</exception>
    public static Tensor? Mask(Tensor? mask, long batch, long length)
    {
        if (mask is null)
        {
            return null;
        }

        mask = mask.dim() == 1 ? mask.unsqueeze(0) : mask;
        if (mask.dim() != 2 || mask.shape[1] != length || (mask.shape[0] != batch && mask.shape[0] != 1))
        {
            throw new TokenInputException($"The attention mask is [{string.Join(", ", mask.shape)}]; the input is [batch={batch}, pos={length}]. Give one 0 or 1 per token.");
        }

        return mask.to(torch.@bool).expand(batch, length).contiguous();
    }
}
