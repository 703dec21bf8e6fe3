namespace Fathom.Loading.Checkpoints.Quantized;

/// <summary>Finds the stored tensors of one packed weight and checks their types and shapes before anything is read.</summary>
internal sealed class PackedParts(Checkpoint inner, string module)
{
    private readonly List<string> _names = [];

    /// <summary>The names asked for so far.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>A part that must be there.</summary>
    /// <param name="suffix">What follows the module's name.</param>
    /// <param name="types">The types it may have.</param>
    public StoredTensor Require(string suffix, params StoredType[] types) => Optional(suffix, types) ?? throw Invalid($"the part '{module}{suffix}' is missing.");

    /// <summary>A part that may be absent.</summary>
    public StoredTensor? Optional(string suffix, params StoredType[] types)
    {
        if (!inner.Tensors.TryGetValue(module + suffix, out var stored))
        {
            return null;
        }

        _names.Add(stored.Name);
        if (stored.Count == 0)
        {
            // Sizes beside a zero are bounded by nothing, so no arithmetic is done with them.
            throw Invalid($"the part '{stored.Name}' is empty.");
        }

        return types.Contains(stored.Type) ? stored : throw Invalid($"the part '{stored.Name}' is {stored.Type.Label}; {string.Join(" or ", types.Select(t => t.Label))} is expected.");
    }

    /// <summary>Compares a shape.</summary>
    /// <exception cref="InvalidCheckpointException">It differs.</exception>
    public void Check(StoredTensor part, params long[] shape)
    {
        if (!part.Shape.SequenceEqual(shape))
        {
            throw Invalid($"the part '{part.Name}' is [{string.Join(", ", part.Shape)}]; [{string.Join(", ", shape)}] is expected.");
        }
    }

    /// <summary>An error about this weight.</summary>
    public InvalidCheckpointException Invalid(string problem) => new(inner.Source, $"the packed weight '{module}' cannot be read: {problem}");
}
