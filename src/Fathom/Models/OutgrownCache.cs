using Fathom.Configuration;

namespace Fathom.Models;

/// <summary>Longrope has one list of frequencies for runs within the trained context and another for longer ones, for all positions of a run. When a cached run outgrows that context, what the cache holds was made with the wrong list and is made again, once.</summary>
internal static class OutgrownCache
{
    /// <summary>The trained context, in tokens, beyond which a model's frequencies are others; <see langword="null"/> if they do not depend on length.</summary>
    public static int? Limit(ModelConfig config) => config.Blocks.Select(b => (b.Mixer as AttentionConfig)?.Rotary?.Scaling).OfType<LongRopeScaling>().FirstOrDefault()?.OriginalContext;

    /// <summary>Runs the tokens of the cache again if the new ones take the run over the limit, and keeps the new ones for the next time.</summary>
    /// <param name="model">The model.</param>
    /// <param name="tokens">New ids, <c>[batch, pos]</c>.</param>
    /// <param name="options">The run's options; nothing happens without a cache.</param>
    /// <exception cref="TokenInputException">The run crosses the limit with positions of its own.</exception>
    public static void Refresh(HookedTransformer model, Tensor tokens, RunOptions options)
    {
        if (options.Cache is not { } cache || options.IsRefresh || Limit(model.Config) is not { } limit)
        {
            return;
        }

        var (before, after) = cache.LongestWith(tokens, options.AttentionMask);
        if (before > 0 && before <= limit && after > limit)
        {
            if (options.PositionIds is not null)
            {
                throw new TokenInputException($"The run outgrows the {limit} tokens up to which this model keeps its rotary frequencies, so the cached tokens are run again; that cannot be done with position ids given by hand. Leave them out, or run without a cache.");
            }

            using var scope = torch.NewDisposeScope();
            var (held, mask) = cache.Restart();
            model.Forward(held, new() { Cache = cache, AttentionMask = mask, IsRefresh = true, LengthOfRun = after, StopAtLayer = model.Config.NLayers });
        }

        cache.Remember(tokens);
    }
}
