namespace Fathom.Hub;

/// <summary>Thrown when the hub limits the rate of requests for longer than the client waits.</summary>
public sealed class HubRateLimitException : HubException
{
    internal HubRateLimitException(string subject, TimeSpan pause, bool sentToken)
        : base($"{subject}: the hub limits the rate of requests; it allows the next one in {Math.Ceiling(pause.TotalSeconds):0} seconds. Run the same command then; finished files are kept."
            + (sentToken ? "" : " A token (HF_TOKEN) raises the limit."))
    {
        Subject = subject;
        Pause = pause;
    }

    /// <summary>The file or request.</summary>
    public string Subject { get; }

    /// <summary>How long the hub asks to wait.</summary>
    public TimeSpan Pause { get; }
}
