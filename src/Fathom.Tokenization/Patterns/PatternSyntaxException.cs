#pragma warning disable CA1032 // The one constructor takes the facts; an instance without them must not exist.

namespace Fathom.Tokenization.Patterns;

/// <summary>Thrown when a pattern uses syntax that is not supported; readers turn it into an error of their file.</summary>
internal sealed class PatternSyntaxException(string pattern, int position, string problem)
    : Exception($"the pattern {pattern} is not supported at position {position}: {problem}");
