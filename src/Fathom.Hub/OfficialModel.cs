namespace Fathom.Hub;

/// <summary>A model that the field calls by name: its repository, its short names and its published sizes.</summary>
/// <remarks>A size is null where the published table leaves it open; the repository's <c>config.json</c> then tells it.</remarks>
public sealed record OfficialModel
{
    /// <summary>The repository on the hub, e.g. <c>EleutherAI/pythia-70m</c> or <c>gpt2</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Short names for the same repository, the preferred one first, each once.</summary>
    public required IReadOnlyList<string> Aliases { get; init; }

    /// <summary>The architecture class, e.g. <c>GPTNeoXForCausalLM</c>, <c>neel</c> or <c>mingpt</c>; null if the table leaves it open.</summary>
    public required string? Architecture { get; init; }

    /// <summary>Number of blocks.</summary>
    public required int? NLayers { get; init; }

    /// <summary>Width of the residual stream.</summary>
    public required int? DModel { get; init; }

    /// <summary>Attention heads in a block.</summary>
    public required int? NHeads { get; init; }

    /// <summary>Heads that keys and values have, where fewer than the queries'; null means as many as <see cref="NHeads"/>.</summary>
    public required int? NKeyValueHeads { get; init; }

    /// <summary>Width of one head.</summary>
    public required int? DHead { get; init; }

    /// <summary>Neurons in one MLP; null for attention-only models.</summary>
    public required int? DMlp { get; init; }

    /// <summary>Longest context, in tokens.</summary>
    public required int? NCtx { get; init; }

    /// <summary>Rows of the embedding.</summary>
    public required int? DVocab { get; init; }

    /// <summary>The MLP's activation function, in the field's word, e.g. <c>gelu_new</c>.</summary>
    public required string? ActFn { get; init; }

    /// <summary>The norm's kind, e.g. <c>LN</c> or <c>RMS</c>.</summary>
    public required string? NormalizationType { get; init; }

    /// <summary>How positions enter, e.g. <c>standard</c>, <c>rotary</c> or <c>shortformer</c>.</summary>
    public required string? PositionalEmbeddingType { get; init; }

    /// <summary>Weights in the blocks (embeddings, biases and norms left out), as the field counts them.</summary>
    public required long? NParams { get; init; }

    /// <summary>Whether the hub has a repository of that name; the first LLaMA models were never published there.</summary>
    public bool IsOnHub => Name.Contains('/', StringComparison.Ordinal) || !Name.StartsWith("llama-", StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
