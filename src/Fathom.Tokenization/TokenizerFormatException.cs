#pragma warning disable CA1032 // The one constructor takes the facts; an instance without them must not exist.

namespace Fathom.Tokenization;

/// <summary>Thrown when a tokenizer file is damaged, or asks for something that is not implemented here.</summary>
public sealed class TokenizerFormatException : Exception
{
    internal TokenizerFormatException(string source, string location, string problem, Exception? inner = null)
        : base($"{source}: {location}: {problem}", inner)
    {
        File = source;
        Location = location;
        Problem = problem;
    }

    /// <summary>The file, or the name given to the text that was read.</summary>
    public string File { get; }

    /// <summary>Where in the file: a path such as <c>pre_tokenizer.pretokenizers[1].behavior</c>.</summary>
    public string Location { get; }

    /// <summary>What was expected, what was found and what to do.</summary>
    public string Problem { get; }
}
