namespace Fathom.Tokenization;

/// <summary>Gives out the text of ids that come one by one, never half a character.</summary>
/// <remarks>Text is held back while it ends in U+FFFD, because the next id may complete the character.</remarks>
public sealed class StreamingDecoder
{
    private readonly Tokenizer _tokenizer;
    private readonly bool _skipSpecialTokens;
    private readonly List<int> _ids = [];
    private string _prefix = "";
    private int _prefixIds;

    /// <summary>Starts a stream.</summary>
    /// <param name="tokenizer">Decodes.</param>
    /// <param name="skipSpecialTokens">Leaves special tokens out.</param>
    public StreamingDecoder(Tokenizer tokenizer, bool skipSpecialTokens = false)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        (_tokenizer, _skipSpecialTokens) = (tokenizer, skipSpecialTokens);
    }

    /// <summary>Takes the next id.</summary>
    /// <returns>The text that is now complete, or <see langword="null"/> if it must wait for more ids.</returns>
    /// <exception cref="TokenizationException">The decoder rewrote text that was given out already, so no continuation is right.</exception>
    public string? Add(int id)
    {
        if (_prefix.Length == 0 && _ids.Count > 0)
        {
            var text = Decode();
            if (!Unfinished(text))
            {
                (_prefix, _prefixIds) = (text, _ids.Count);
            }
        }

        _ids.Add(id);
        var all = Decode();
        if (System.Text.Encoding.UTF8.GetByteCount(all) <= System.Text.Encoding.UTF8.GetByteCount(_prefix) || Unfinished(all))
        {
            return null;
        }

        if (!all.StartsWith(_prefix, StringComparison.Ordinal))
        {
            throw new TokenizationException("stream", $"The decoder turned \"{_prefix}\", already given out, into \"{all}\". Decode all ids at once instead.");
        }

        var rest = all[_prefix.Length..];
        var dropped = _prefixIds;
        _ids.RemoveRange(0, dropped);
        _prefix = Decode();
        _prefixIds = _ids.Count;
        return rest;
    }

    /// <summary>Ends the stream.</summary>
    /// <returns>The text still held back, with U+FFFD for what was never completed.</returns>
    public string Flush()
    {
        var all = Decode();
        return all.StartsWith(_prefix, StringComparison.Ordinal) ? all[_prefix.Length..] : all;
    }

    private string Decode() => _tokenizer.Decode(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_ids), _skipSpecialTokens);

    private static bool Unfinished(string text) => text.EndsWith('\uFFFD');
}
