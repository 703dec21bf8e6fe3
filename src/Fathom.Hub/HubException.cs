namespace Fathom.Hub;

/// <summary>A model could not be found, fetched or trusted; the message says what to do.</summary>
public abstract class HubException : Exception
{
    private protected HubException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
