namespace Fathom.Patching;

/// <summary>Thrown when a document is no saved experiment or result.</summary>
public sealed class SweepFormatException : FormatException
{
    internal SweepFormatException(string message)
        : base(message)
    {
    }
}
