namespace Fathom.Hub;

/// <summary>Thrown when a request kept failing on the way: drops, stalls, server errors.</summary>
public sealed class HubTransferException : HubException
{
    internal HubTransferException(string subject, int attempts, string reason, string advice, Exception? inner = null)
        : base($"{subject}: {reason} ({attempts} {(attempts == 1 ? "attempt" : "attempts")}). {advice}", inner)
    {
        Subject = subject;
        Attempts = attempts;
        Reason = reason;
    }

    /// <summary>The file or request.</summary>
    public string Subject { get; }

    /// <summary>Attempts in a row that made no progress.</summary>
    public int Attempts { get; }

    /// <summary>What the last attempt ended with.</summary>
    public string Reason { get; }
}
