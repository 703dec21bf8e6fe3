namespace Fathom.Architectures;

/// <summary>The rows of weight tables that mixtures of experts share. Experts may lie one by one or in one tensor with a leading axis; a file holds one of the two.</summary>
internal static class MixtureTensors
{
    /// <summary>The router.</summary>
    /// <param name="theirs">The name of its tensor, and others it may have.</param>
    public static WeightRule Router(params string[] theirs) => new("blocks.{i}.mlp.W_router", theirs[0], "expert d_model -> d_model expert") { Otherwise = [.. theirs[1..]] };

    /// <summary>Three projections for each expert.</summary>
    /// <param name="experts">What their names begin with, e.g. <c>model.layers.{i}.mlp.experts</c>.</param>
    /// <param name="gate">The gate's name.</param>
    /// <param name="up">The name of the branch that the gate multiplies.</param>
    /// <param name="down">The name of the output.</param>
    public static IEnumerable<WeightRule> Single(string experts, string gate = "gate_proj", string up = "up_proj", string down = "down_proj") =>
    [
        new("blocks.{i}.mlp.W_gate", $"{experts}.{{e}}.{gate}.weight", "expert d_mlp d_model -> expert d_model d_mlp"),
        new("blocks.{i}.mlp.W_in", $"{experts}.{{e}}.{up}.weight", "expert d_mlp d_model -> expert d_model d_mlp"),
        new("blocks.{i}.mlp.W_out", $"{experts}.{{e}}.{down}.weight", "expert d_model d_mlp -> expert d_mlp d_model"),
    ];

    /// <summary>All experts in two tensors stored as <c>[expert, out, in]</c>, the rows of the gate before those of the other branch.</summary>
    /// <param name="input">The tensor of gate and other branch.</param>
    /// <param name="output">The tensor of the output.</param>
    public static IEnumerable<WeightRule> Fused(string input, string output) =>
    [
        new("blocks.{i}.mlp.W_gate, blocks.{i}.mlp.W_in", input, "expert (branch d_mlp) d_model -> branch expert d_model d_mlp"),
        new("blocks.{i}.mlp.W_out", output, "expert d_model d_mlp -> expert d_mlp d_model"),
    ];

    /// <summary>The usual names of Qwen, DeepSeek and their kin, in both forms.</summary>
    /// <param name="router">The name of the router's tensor below the MLP.</param>
    public static IEnumerable<WeightRule> Usual(string router = "gate.weight")
    {
        const string Mlp = "model.layers.{i}.mlp.";
        return [Router(Mlp + router), .. Single($"{Mlp}experts"), .. Fused($"{Mlp}experts.gate_up_proj", $"{Mlp}experts.down_proj")];
    }

    /// <summary>The names of Mixtral and PhiMoE, in both forms.</summary>
    public static IEnumerable<WeightRule> BlockSparse()
    {
        const string Layer = "model.layers.{i}.";
        return
        [
            Router($"{Layer}block_sparse_moe.gate.weight", $"{Layer}mlp.gate.weight"),
            .. Single($"{Layer}block_sparse_moe.experts", "w1", "w3", "w2"),
            .. Fused($"{Layer}mlp.experts.gate_up_proj", $"{Layer}mlp.experts.down_proj"),
        ];
    }

    /// <summary>The expert that every token uses.</summary>
    /// <param name="theirs">Its name, e.g. <c>model.layers.{i}.mlp.shared_experts</c>.</param>
    public static IEnumerable<WeightRule> Shared(string theirs) =>
    [
        new("blocks.{i}.mlp.shared_expert.W_gate", $"{theirs}.gate_proj.weight", "d_mlp d_model -> d_model d_mlp"),
        new("blocks.{i}.mlp.shared_expert.W_in", $"{theirs}.up_proj.weight", "d_mlp d_model -> d_model d_mlp"),
        new("blocks.{i}.mlp.shared_expert.W_out", $"{theirs}.down_proj.weight", "d_model d_mlp -> d_mlp d_model"),
    ];
}
