namespace Fathom.Tokenization.Templates;

/// <summary>Bounds on what one template may cost. A template comes with a checkpoint, so it is untrusted text.</summary>
public sealed record ChatTemplateLimits
{
    /// <summary>The limits used when none are given: generous for real templates, harmless for hostile ones.</summary>
    public static ChatTemplateLimits Default { get; } = new();

    /// <summary>Longest template text, in UTF-16 units.</summary>
    /// <value>The default is 1,000,000; the largest published templates have about 30,000.</value>
    public int MaxSourceLength { get; init; } = 1_000_000;

    /// <summary>Steps of one rendering: one for each node evaluated, each item visited and each 64 characters looked at.</summary>
    /// <value>The default is 10,000,000, about a second.</value>
    public long MaxSteps { get; init; } = 10_000_000;

    /// <summary>Longest rendered text, in UTF-16 units.</summary>
    /// <value>The default is 16,000,000.</value>
    public int MaxOutputLength { get; init; } = 16_000_000;

    /// <summary>
    /// Everything one rendering may allocate, in UTF-16 units (8 for an item of a list). The sum counts what was freed too,
    /// so it bounds memory from above; 64 times the size of the conversation is allowed on top.
    /// </summary>
    /// <value>The default is 64,000,000.</value>
    public long MaxAllocation { get; init; } = 64_000_000;

    /// <summary>Deepest nesting of evaluated nodes and of values inside values; a macro that calls itself uses about ten per call.</summary>
    /// <value>The default is 1,000.</value>
    public int MaxDepth { get; init; } = 1_000;
}
