namespace Fathom.Hub.Protocol;

/// <summary>Reads from a connection that may drop or stand still.</summary>
internal sealed class PatientStream : IAsyncDisposable
{
    private readonly Stream _stream;
    private readonly TimeSpan _stall;
    private readonly CancellationTokenSource _patience = new();
    private readonly CancellationTokenRegistration _outer;
    private readonly CancellationToken _cancellation;

    /// <summary>Reads an answer's body.</summary>
    /// <param name="stream">The body; closed with this.</param>
    /// <param name="stall">How long it may stand still.</param>
    /// <param name="cancellation">Ends a read.</param>
    public PatientStream(Stream stream, TimeSpan stall, CancellationToken cancellation)
    {
        (_stream, _stall, _cancellation) = (stream, stall, cancellation);
        _outer = cancellation.UnsafeRegister(static s => ((CancellationTokenSource)s!).Cancel(), _patience);
    }

    /// <summary>Reads what has arrived; 0 at the end.</summary>
    /// <exception cref="RetryableException">The connection broke, or nothing came in time.</exception>
    public async ValueTask<int> Read(Memory<byte> buffer)
    {
        // Cancelling the read itself closes the connection at once; abandoning it would leave both waiting.
        _patience.CancelAfter(_stall);
        try
        {
            return await _stream.ReadAsync(buffer, _patience.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or HttpRequestException)
        {
            _cancellation.ThrowIfCancellationRequested();
            throw new RetryableException(_patience.IsCancellationRequested ? $"nothing arrived for {_stall.TotalSeconds:0.##} s" : "the connection broke", e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _outer.DisposeAsync().ConfigureAwait(false);
        _patience.Dispose();
        await _stream.DisposeAsync().ConfigureAwait(false);
    }
}
