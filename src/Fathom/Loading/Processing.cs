namespace Fathom.Loading;

/// <summary>What is done to weights after loading so that they are easier to interpret. The model's probabilities do not change; its raw logits may, by a constant per position.</summary>
/// <remarks>The defaults are those of the reference library. Loading again with <see cref="None"/> gives the weights of the file.</remarks>
public sealed record Processing
{
    /// <summary>As the reference: everything but the refactoring, as far as it is valid for the family; what is skipped stands in the load report.</summary>
    public static Processing Default { get; } = new() { FoldLayerNorm = true, CenterWritingWeights = true, CenterUnembed = true, FoldValueBiases = true, WhereValid = true };

    /// <summary>The weights of the file, as they are.</summary>
    public static Processing None { get; } = new();

    /// <summary>Folds each norm's gain and bias into the weights that read it (<c>fold_ln</c>).</summary>
    public bool FoldLayerNorm { get; init; }

    /// <summary>Takes the mean over <c>d_model</c> off everything that writes to the stream, where every reader takes it off anyway (<c>center_writing_weights</c>).</summary>
    public bool CenterWritingWeights { get; init; }

    /// <summary>Takes the mean over the vocabulary off the unembedding (<c>center_unembed</c>): logits move by a constant per position.</summary>
    public bool CenterUnembed { get; init; }

    /// <summary>Moves value biases through the output weights into the output bias (<c>fold_value_biases</c>), where pattern rows sum to one.</summary>
    public bool FoldValueBiases { get; init; }

    /// <summary>Replaces query, key, value and output matrices by the balanced factors of their products (<c>refactor_factored_attn_matrices</c>).</summary>
    public bool RefactorFactoredAttention { get; init; }

    /// <summary>Whether a step that is not valid for the family is skipped and reported, rather than refused.</summary>
    public bool WhereValid { get; init; }

    /// <summary>The steps by the field's names, comma-separated; <c>none</c> if there are none.</summary>
    public override string ToString()
    {
        (bool On, string Name)[] steps = [(FoldLayerNorm, "fold_ln"), (CenterWritingWeights, "center_writing_weights"), (CenterUnembed, "center_unembed"), (FoldValueBiases, "fold_value_biases"), (RefactorFactoredAttention, "refactor_factored_attn_matrices")];
        return steps.Any(s => s.On) ? string.Join(", ", steps.Where(s => s.On).Select(s => s.Name)) : "none";
    }
}
