#pragma warning disable CA1032 // The one constructor takes the facts; an instance without them must not exist.

namespace Fathom.Tokenization;

/// <summary>Thrown when a text has no tokens under this tokenizer, or a length rule cannot be met.</summary>
public sealed class TokenizationException : Exception
{
    internal TokenizationException(string component, string problem)
        : base($"{component}: {problem}")
    {
        Component = component;
        Problem = problem;
    }

    /// <summary>The component that refused, e.g. <c>Unigram</c> or <c>truncation</c>.</summary>
    public string Component { get; }

    /// <summary>What was expected, what was found and what to do.</summary>
    public string Problem { get; }
}
