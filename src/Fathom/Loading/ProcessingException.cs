namespace Fathom.Loading;

/// <summary>Thrown when a processing step was asked for that would change what the model computes.</summary>
public sealed class ProcessingException : InvalidOperationException
{
    internal ProcessingException(string step, string reason)
        : base($"{step} is not valid for this model: {reason}. Load with that step off, or with Processing.Default, which skips what is not valid.")
    {
        Step = step;
        Reason = reason;
    }

    /// <summary>The step, by the field's name.</summary>
    public string Step { get; }

    /// <summary>Why it would change the model.</summary>
    public string Reason { get; }
}
