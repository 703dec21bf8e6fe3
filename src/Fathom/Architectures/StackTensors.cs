namespace Fathom.Architectures;

/// <summary>Rows of weight tables of encoder-decoders: those of one stack, whose blocks are <c>encoder.{i}</c> or <c>decoder.{i}</c>.</summary>
internal static class StackTensors
{
    /// <summary>Four projections of attention.</summary>
    /// <param name="ours">Ours, e.g. <c>decoder.{i}.cross_attn</c>.</param>
    /// <param name="theirs">What their names begin with.</param>
    /// <param name="names">Their names for queries, keys, values and output.</param>
    /// <param name="bias">Whether they have biases.</param>
    public static IEnumerable<WeightRule> Attention(string ours, string theirs, (string Q, string K, string V, string O) names, bool bias)
    {
        foreach (var (letter, name) in new[] { ('Q', names.Q), ('K', names.K), ('V', names.V) })
        {
            yield return new($"{ours}.W_{letter}", $"{theirs}{name}.weight", "(head d_head) d_model -> head d_model d_head");
            if (bias)
            {
                yield return new($"{ours}.b_{letter}", $"{theirs}{name}.bias", "(head d_head) -> head d_head");
            }
        }

        yield return new($"{ours}.W_O", $"{theirs}{names.O}.weight", "d_model (head d_head) -> head d_head d_model");
        if (bias)
        {
            yield return new($"{ours}.b_O", $"{theirs}{names.O}.bias");
        }
    }

    /// <summary>A matrix of an MLP that reads the stream.</summary>
    public static WeightRule Reading(string ours, string theirs) => new(ours, theirs, "d_mlp d_model -> d_model d_mlp");

    /// <summary>A matrix of an MLP that writes to the stream.</summary>
    public static WeightRule Writing(string ours, string theirs) => new(ours, theirs, "d_model d_mlp -> d_mlp d_model");
}
