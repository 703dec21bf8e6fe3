using Fathom.Components;

namespace Fathom.Models;

/// <summary>Keys, values and recurrent states of a run so far, so that more tokens can follow without recomputing.</summary>
/// <remarks>Keys are kept rotated. Storage grows by doubling, so that a step writes only its own positions. Disposing frees it.</remarks>
public sealed class KeyValueCache : IDisposable
{
    private GrowingPrefix _prefix = new();
    private Tensor? _mask;
    private Tensor? _tokens;
    private long _batch;

    /// <summary>The number of positions held.</summary>
    public long Count => _prefix.Count;

    /// <summary>The number of bytes of keys, values and states held.</summary>
    public long Bytes => _prefix.Bytes + (Memory?.Bytes ?? 0);

    /// <summary>The encoded input of an encoder-decoder, once its encoder has run; it belongs to the cache.</summary>
    internal EncoderMemory? Memory { get; set; }

    internal Prefix Prefix => _prefix;

    /// <summary>Prepares for the positions of a run.</summary>
    internal void Begin(Tensor tokens, int contextLength, bool ends)
    {
        if (_batch != 0 && tokens.shape[0] != _batch)
        {
            throw new TokenInputException($"The cache holds {_batch} sequences; the input has {tokens.shape[0]}. Use one cache per batch.");
        }

        _batch = tokens.shape[0];
        _prefix.Reserve(tokens.shape[1], ends ? contextLength : int.MaxValue);
    }

    /// <summary>Counts the positions of a run as held.</summary>
    internal void End(long length, Tensor? mask)
    {
        if (mask is not null || _mask is not null)
        {
            using var scope = torch.NewDisposeScope();
            var own = (mask is null ? torch.ones([_batch, length], torch.@bool) : (mask.dim() == 1 ? mask.unsqueeze(0) : mask).to(torch.@bool)).expand(_batch, length);
            var before = _mask ?? torch.ones([_batch, Count], torch.@bool);
            var joined = torch.cat([before, own], 1).DetachFromDisposeScope();
            _mask?.Dispose();
            _mask = joined;
        }

        _prefix.Advance(length);
    }

    /// <summary>Which of the held and the new keys are real; <see langword="null"/> if all are.</summary>
    internal Tensor? JoinMask(Tensor? mask, long batch, long length)
    {
        if (mask is null && _mask is null)
        {
            return null;
        }

        return torch.cat([_mask ?? torch.ones([batch, Count], torch.@bool), mask ?? torch.ones([batch, length], torch.@bool)], 1);
    }

    /// <summary>Keeps the ids of a run, for models that may have to run them again.</summary>
    internal void Remember(Tensor tokens)
    {
        using var scope = torch.NewDisposeScope();
        var joined = (_tokens is null ? tokens.clone() : torch.cat([_tokens.narrow(1, 0, Count), tokens], 1)).DetachFromDisposeScope();
        _tokens?.Dispose();
        _tokens = joined;
    }

    /// <summary>The highest position plus one of what is held, and with new tokens; padding does not count.</summary>
    internal (long Before, long After) LongestWith(Tensor tokens, Tensor? mask)
    {
        using var scope = torch.NewDisposeScope();
        if (JoinMask(mask?.to(torch.@bool).expand(tokens.shape[0], tokens.shape[1]), tokens.shape[0], tokens.shape[1]) is not { } joined)
        {
            return (Count, Count + tokens.shape[1]);
        }

        var counts = joined.to(torch.int64).cumsum(1).amax([0L]);
        return (Count == 0 ? 0 : counts[Count - 1].item<long>(), counts[-1].item<long>());
    }

    /// <summary>Forgets keys and values, and gives back the ids and the mask they were made from.</summary>
    internal (Tensor Tokens, Tensor? Mask) Restart()
    {
        var (tokens, mask) = (_tokens ?? throw new InvalidOperationException("The cache was filled by a run that did not keep its ids."), _mask);
        _prefix.Dispose();
        _prefix = new();
        _mask = null;
        if (mask is not null)
        {
            torch.CurrentDisposeScope?.Attach(mask);
        }

        return (tokens, mask);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _mask?.Dispose();
        _tokens?.Dispose();
        Memory?.Dispose();
        _prefix.Dispose();
    }
}
