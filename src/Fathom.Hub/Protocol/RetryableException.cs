namespace Fathom.Hub.Protocol;

/// <summary>An attempt failed in a way that another one may not.</summary>
internal sealed class RetryableException(string reason, Exception? inner = null) : Exception(reason, inner)
{
    /// <summary>How long the hub asks to wait; null leaves it to the client.</summary>
    public TimeSpan? Pause { get; init; }

    /// <summary>Whether the attempt brought the work forward, so that failures are counted afresh.</summary>
    public bool MadeProgress { get; init; }

    /// <summary>The host to which no connection could be made; null if there was a connection.</summary>
    public string? Unreachable { get; init; }

    /// <summary>Whether the content contradicts its hash or length, which a second failure confirms.</summary>
    public bool WrongContent { get; init; }
}
