namespace Fathom.Hub;

/// <summary>Thrown when what the hub, a mirror or a repository says cannot be trusted: a wrong hash or length, a hostile name, an impossible answer.</summary>
public sealed class HubIntegrityException : HubException
{
    internal HubIntegrityException(string subject, string message, Exception? inner = null)
        : base(message, inner) => Subject = subject;

    /// <summary>The file or repository in question.</summary>
    public string Subject { get; }
}
