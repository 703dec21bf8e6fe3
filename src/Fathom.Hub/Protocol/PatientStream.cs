namespace Fathom.Hub.Protocol;

/// <summary>Reads from a connection that may drop or stand still.</summary>
internal static class PatientStream
{
    /// <summary>Reads what has arrived; 0 at the end.</summary>
    /// <exception cref="RetryableException">The connection broke, or nothing came within <paramref name="stall"/>.</exception>
    public static async ValueTask<int> Read(Stream stream, Memory<byte> buffer, TimeSpan stall, CancellationToken cancellation)
    {
        var reading = stream.ReadAsync(buffer, CancellationToken.None);
        if (reading.IsCompletedSuccessfully)
        {
            return reading.Result;
        }

        var task = reading.AsTask();
        try
        {
            return await task.WaitAsync(stall, cancellation).ConfigureAwait(false);
        }
        catch (TimeoutException e)
        {
            Abandon(stream, task);
            throw new RetryableException($"nothing arrived for {stall.TotalSeconds:0.#} s", e);
        }
        catch (OperationCanceledException)
        {
            Abandon(stream, task);
            throw;
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            throw new RetryableException("the connection broke", e);
        }
    }

    // Closing the stream ends the read that nobody waits for any more; its failure is then expected.
    private static void Abandon(Stream stream, Task read)
    {
        stream.Dispose();
        read.ContinueWith(static t => t.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
    }
}
