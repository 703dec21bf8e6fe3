namespace Fathom.Models;

/// <summary>Thrown when a prompt or token ids cannot be the input of a model.</summary>
public sealed class TokenInputException : ArgumentException
{
    internal TokenInputException(string message)
        : base(message)
    {
    }
}
