namespace Fathom.Loading;

/// <summary>Thrown when a model cannot be saved at a place. What was there before is there still.</summary>
public sealed class SaveException : IOException
{
    internal SaveException(string place, string reason, Exception? inner = null)
        : base($"Cannot save to {place}: {reason}", inner) => Place = place;

    /// <summary>The folder or file that was asked for.</summary>
    public string Place { get; }
}
