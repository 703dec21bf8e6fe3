namespace Fathom.Patching;

/// <summary>Thrown when an experiment cannot be run as it is written: prompts, axes, indices or a metric that do not fit each other or the model.</summary>
public sealed class SweepInputException : ArgumentException
{
    internal SweepInputException(string message)
        : base(message)
    {
    }
}
