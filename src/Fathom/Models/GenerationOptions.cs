using Fathom.Hooks;

namespace Fathom.Models;

/// <summary>How text is continued. The defaults are greedy.</summary>
/// <remarks>Order: repetition penalty, presence and frequency penalty, temperature, top-k, top-p, min-p, draw. Hooks of the model and of these options act at every step.</remarks>
public sealed record GenerationOptions
{
    /// <summary>Ten tokens, greedy.</summary>
    public static GenerationOptions Default { get; } = new();

    /// <summary>The most new tokens.</summary>
    public int MaxNewTokens { get; init; } = 10;

    /// <summary>Whether tokens are drawn rather than the most probable taken.</summary>
    public bool DoSample { get; init; }

    /// <summary>What logits are divided by before a draw; 0 is greedy.</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>How many of the most probable tokens can be drawn; <see langword="null"/> for all. Of tied tokens the lower ids stay.</summary>
    public int? TopK { get; init; }

    /// <summary>The probability mass that can be drawn from, most probable first, in (0, 1]; the token that crosses it stays.</summary>
    public double? TopP { get; init; }

    /// <summary>The least probability that can be drawn, relative to the largest, in [0, 1].</summary>
    public double? MinP { get; init; }

    /// <summary>Divides positive and multiplies negative logits of tokens seen so far, prompt included; 1 is off.</summary>
    public double RepetitionPenalty { get; init; } = 1;

    /// <summary>Taken off the logit of a token for each time it was seen so far, prompt included.</summary>
    public double FrequencyPenalty { get; init; }

    /// <summary>Taken off the logit of a token that was seen so far, prompt included.</summary>
    public double PresencePenalty { get; init; }

    /// <summary>Whether a row ends at an end-of-sequence token.</summary>
    public bool StopAtEos { get; init; } = true;

    /// <summary>Further tokens at which a row ends.</summary>
    public IReadOnlyList<int> StopTokens { get; init; } = [];

    /// <summary>Texts at which a row ends, the text included.</summary>
    public IReadOnlyList<string> StopStrings { get; init; } = [];

    /// <summary>The seed of draws; each row draws for itself.</summary>
    public long Seed { get; init; }

    /// <summary>Whether keys and values are kept between steps. Without, every step runs the whole sequence again; the tokens are the same.</summary>
    public bool UseCache { get; init; } = true;

    /// <summary>Whether the prompt gets a beginning-of-sequence token; <see langword="null"/> for the model's default.</summary>
    public bool? PrependBos { get; init; }

    /// <summary>Functions attached at every step.</summary>
    public IReadOnlyList<(NameFilter Points, HookFunction Function)> Hooks { get; init; } = [];
}
