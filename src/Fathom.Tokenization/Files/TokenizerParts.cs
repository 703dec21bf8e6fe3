using Fathom.Tokenization.Decoders;
using Fathom.Tokenization.Models;
using Fathom.Tokenization.Normalizers;
using Fathom.Tokenization.PostProcessors;
using Fathom.Tokenization.PreTokenizers;

namespace Fathom.Tokenization.Files;

/// <summary>What a tokenizer is made of; every reader of a file format ends here.</summary>
/// <param name="Source">The file it comes from, for messages.</param>
/// <param name="Model">From pieces to tokens.</param>
internal sealed record TokenizerParts(string Source, Model Model)
{
    /// <summary>Before anything is cut.</summary>
    public Normalizer? Normalizer { get; init; }

    /// <summary>Cuts the text into pieces.</summary>
    public PreTokenizer? PreTokenizer { get; init; }

    /// <summary>Puts special tokens around texts.</summary>
    public PostProcessor? PostProcessor { get; init; }

    /// <summary>From tokens to text; tokens are joined by spaces if there is none.</summary>
    public Decoder? Decoder { get; init; }

    /// <summary>Tokens found before the model sees the text.</summary>
    public IReadOnlyList<AddedToken> AddedTokens { get; init; } = [];

    /// <summary>The file's truncation block.</summary>
    public Truncation? Truncation { get; init; }

    /// <summary>The file's padding block.</summary>
    public Padding? Padding { get; init; }

    /// <summary>Names and behaviour from the files beside the tokenizer.</summary>
    public TokenizerSettings Settings { get; init; } = new();
}
