namespace Fathom.Hub.Protocol;

/// <summary>Repeats what may succeed when repeated, with growing pauses, and says in the end why it did not.</summary>
internal sealed class Retry(HubOptions options, TimeProvider clock)
{
    private const int TrustInContent = 2;

    /// <summary>Runs <paramref name="attempt"/> until it succeeds or has failed too often.</summary>
    /// <param name="subject">What is attempted, for messages.</param>
    /// <param name="attempt">One attempt; a <see cref="RetryableException"/> asks for another.</param>
    /// <param name="notice">Told about each pause.</param>
    /// <param name="cancellation">Ends the pauses too.</param>
    /// <param name="connections">How many connections may fail; a first request gives up early, so that a machine without network does not wait long.</param>
    public async Task<T> Run<T>(string subject, Func<CancellationToken, Task<T>> attempt, Action<string>? notice, CancellationToken cancellation, int connections = int.MaxValue)
    {
        var (failures, wrong) = (0, 0);
        while (true)
        {
            try
            {
                return await attempt(cancellation).ConfigureAwait(false);
            }
            catch (RetryableException failure)
            {
                failures = failure.MadeProgress ? 1 : failures + 1;
                wrong += failure.WrongContent ? 1 : 0;
                if (wrong == TrustInContent)
                {
                    throw new HubIntegrityException(subject, $"{subject}: {failure.Message}, twice. Nothing was kept. Try again later; if HF_ENDPOINT names a mirror, try another or unset it.", failure);
                }

                var pause = failure.Pause ?? Backoff(failures);
                if (failure.Pause > options.LongestRateLimitPause || (failure.Pause is not null && failures >= options.Attempts))
                {
                    throw new HubRateLimitException(subject, pause, options.Token is not null);
                }

                if (failures >= options.Attempts || (failure.Unreachable is not null && failures >= connections))
                {
                    throw failure.Unreachable is { } host ? new HubUnreachableException(host, failure.Message, failure)
                        : new HubTransferException(subject, failures, failure.Message, "What arrived is kept; run the same command again, it resumes.", failure);
                }

                notice?.Invoke($"{subject}: {failure.Message}; trying again in {pause.TotalSeconds:0.#} s");
                await Task.Delay(pause, clock, cancellation).ConfigureAwait(false);
            }
        }
    }

    private TimeSpan Backoff(int failures) => options.RetryDelay * Math.Min(8, 1 << Math.Min(3, failures - 1));
}
