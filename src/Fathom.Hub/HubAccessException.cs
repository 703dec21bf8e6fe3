namespace Fathom.Hub;

/// <summary>Thrown when the hub refuses a request: a bad token, a disabled repository, no permission.</summary>
public sealed class HubAccessException : HubException
{
    internal HubAccessException(string subject, int status, string message)
        : base(message)
    {
        Subject = subject;
        Status = status;
    }

    /// <summary>The repository or request.</summary>
    public string Subject { get; }

    /// <summary>The HTTP status.</summary>
    public int Status { get; }
}
