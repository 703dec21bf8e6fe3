namespace Fathom.Architectures;

/// <summary>One row of a weight table.</summary>
/// <param name="Ours">Our parameter, e.g. <c>blocks.{i}.attn.W_O</c>; several, comma-separated, split the leading axis of the rearranged tensor.</param>
/// <param name="Theirs">The checkpoint tensor, e.g. <c>h.{i}.attn.c_proj.weight</c>; <c>{i}</c> is the layer, <c>{e}</c> the expert (the experts are stacked along a new leading axis), or the head where each head's norm is a tensor.</param>
/// <param name="Rearrange">How theirs becomes ours, in einops notation over our axes; <see langword="null"/> if they agree.</param>
/// <remarks>A rule whose parameter the model does not have is skipped; so is one whose tensor is absent when the parameter is optional.</remarks>
public sealed record WeightRule(string Ours, string Theirs, string? Rearrange = null)
{
    /// <summary>For a tensor that holds several parameters one after the other: how each slice becomes ours, in the order of <see cref="Ours"/>.</summary>
    public IReadOnlyList<string> Slices { get; init; } = [];

    /// <summary>The axis along which <see cref="Slices"/> lie, after <see cref="Rearrange"/>.</summary>
    public int SliceAxis { get; init; }

    /// <summary>Other names of the same tensor, tried in order when <see cref="Theirs"/> is absent.</summary>
    public IReadOnlyList<string> Otherwise { get; init; } = [];

    /// <summary>Sizes of axes in the patterns that follow from neither the parameter nor the tensor.</summary>
    public IReadOnlyDictionary<string, long> Sizes { get; init; } = new Dictionary<string, long>();

    /// <summary>Whether files may lack the tensor although the model has a place for it.</summary>
    public bool IsOptional { get; init; }
}
