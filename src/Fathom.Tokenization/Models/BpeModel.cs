using System.Text.Json;
using System.Text;
using Fathom.Tokenization.Files;

namespace Fathom.Tokenization.Models;

/// <summary>Byte-pair encoding over characters: lowest rank first, then leftmost.</summary>
/// <remarks>Source: Sennrich et al. 2016 (arXiv:1508.07909).</remarks>
internal sealed class BpeModel : Model
{
    private readonly byte[] _prefix;
    private readonly byte[] _suffix;
    private readonly int _unk;
    private readonly int[]? _byteTokens;

    public BpeModel(Vocabulary vocabulary, MergeTable merges, BpeOptions options)
        : base("BPE", vocabulary)
    {
        (Merges, Options) = (merges, options);
        _prefix = System.Text.Encoding.UTF8.GetBytes(options.ContinuingSubwordPrefix);
        _suffix = System.Text.Encoding.UTF8.GetBytes(options.EndOfWordSuffix);
        _unk = options.UnkToken is null ? -1 : vocabulary.IdOf(options.UnkToken);
        _byteTokens = options.ByteFallback ? ByteTokens.Of(vocabulary) : null;
    }

    /// <summary>The merges.</summary>
    public MergeTable Merges { get; }

    /// <summary>The switches.</summary>
    public BpeOptions Options { get; }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter json) => ModelJson.Write(json, this);

    /// <inheritdoc/>
    public override string? UnkToken => Options.UnkToken;

    /// <inheritdoc/>
    public override void Tokenize(ReadOnlySpan<byte> piece, TokenBuffer output, Workspace workspace)
    {
        if (Options.IgnoreMerges && Vocabulary.IdOf(piece) is >= 0 and var whole)
        {
            output.Add(whole, 0, piece.Length);
            return;
        }

        // A character may become several symbols (bytes) or none; suffix and prefix count as bytes too.
        var most = piece.Length + _suffix.Length + (_byteTokens is null ? 0 : _prefix.Length * piece.Length);
        var queue = workspace.Merges;
        var symbols = queue.Symbols(most);
        var lengths = most <= 512 ? stackalloc int[most] : new int[most];
        var count = Split(piece, symbols, lengths);
        if (count == 0)
        {
            return;
        }

        queue.Run(Merges, count);
        var position = 0;
        for (var at = 0; at < count;)
        {
            var next = queue.Next(at);
            var start = position;
            for (var i = at; i < next; i++)
            {
                position += lengths[i];
            }

            output.Add(symbols[at], start, position);
            at = next;
        }
    }

    private int Split(ReadOnlySpan<byte> piece, Span<int> symbols, Span<int> lengths)
    {
        Span<byte> joined = stackalloc byte[256];
        var (count, pendingUnk) = (0, 0);
        for (var start = 0; start < piece.Length;)
        {
            var size = Utf8Length(piece[start]);
            var end = Math.Min(start + size, piece.Length);
            scoped var symbol = piece[start..end];
            if ((start > 0 && _prefix.Length > 0) || (end == piece.Length && _suffix.Length > 0))
            {
                symbol = Join(start > 0 ? _prefix : [], symbol, end == piece.Length ? _suffix : [], joined);
            }

            var bytes = end - start;
            start = end;
            var id = Vocabulary.IdOf(symbol);
            if (id >= 0)
            {
                Flush(symbols, lengths, ref count, ref pendingUnk);
                (symbols[count], lengths[count++]) = (id, bytes);
            }
            else if (_byteTokens is not null && TryBytes(symbol, symbols, lengths, ref count))
            {
                // A pending unknown stays pending: the reference writes it after these bytes.
            }
            else if (Options.UnkToken is not null)
            {
                if (_unk < 0)
                {
                    throw new TokenizationException("BPE", $"The unknown token \"{Options.UnkToken}\" is not in the vocabulary, and the text has a character that is not either.");
                }

                if (!Options.FuseUnk)
                {
                    Flush(symbols, lengths, ref count, ref pendingUnk);
                }

                pendingUnk += bytes;
            }
        }

        Flush(symbols, lengths, ref count, ref pendingUnk);
        return count;
    }

    private void Flush(Span<int> symbols, Span<int> lengths, ref int count, ref int pendingUnk)
    {
        if (pendingUnk > 0)
        {
            (symbols[count], lengths[count++]) = (_unk, pendingUnk);
            pendingUnk = 0;
        }
    }

    private bool TryBytes(ReadOnlySpan<byte> symbol, Span<int> symbols, Span<int> lengths, ref int count)
    {
        foreach (var b in symbol)
        {
            if (_byteTokens![b] < 0)
            {
                return false;
            }
        }

        foreach (var b in symbol)
        {
            (symbols[count], lengths[count++]) = (_byteTokens![b], 1);
        }

        return true;
    }

    private static ReadOnlySpan<byte> Join(ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> symbol, ReadOnlySpan<byte> suffix, Span<byte> buffer)
    {
        var size = prefix.Length + symbol.Length + suffix.Length;
        if (size > buffer.Length)
        {
            buffer = new byte[size];
        }

        prefix.CopyTo(buffer);
        symbol.CopyTo(buffer[prefix.Length..]);
        suffix.CopyTo(buffer[(prefix.Length + symbol.Length)..]);
        return buffer[..size];
    }

    private static int Utf8Length(byte lead) => lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
}
