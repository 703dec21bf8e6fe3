namespace Fathom.Hub;

/// <summary>Thrown when no connection to the hub can be made at all.</summary>
public sealed class HubUnreachableException : HubException
{
    internal HubUnreachableException(string host, string reason, Exception? inner)
        : base($"Cannot reach {host}: {reason}. Check the network; behind a proxy set HTTPS_PROXY; for a mirror set HF_ENDPOINT. "
            + "Models that are already on this machine work without it (HF_HUB_OFFLINE=1; 'fathom models list --cached' shows them).", inner) => Host = host;

    /// <summary>The scheme and host that was tried.</summary>
    public string Host { get; }
}
