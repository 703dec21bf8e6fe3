using Fathom.Configuration;
using Fathom.Hooks;
using Fathom.Tensors;

namespace Fathom.Components;

/// <summary>Gated MLPs of which each token uses a few. Only the rows of the chosen experts are computed, and each expert's weights are read once.</summary>
/// <remarks>
/// For each token and chosen expert <c>e</c> with factor <c>w</c>: <c>gate = x·W_gate[e]</c>, <c>pre = x·W_in[e]</c>, <c>post = act(gate) ⊙ pre</c>, <c>out += w · post·W_out[e]</c> (plus biases where there are some);
/// a shared expert's output is added. Source: Shazeer et al. 2017 (arXiv:1701.06538).
/// </remarks>
public sealed class MixtureOfExperts : FeedForward
{
    private readonly MixtureOfExpertsConfig _config;

    internal MixtureOfExperts(PartScope outer, MixtureOfExpertsConfig config)
        : base(outer)
    {
        var scope = outer.With(("d_mlp", config.DMlp), ("expert", config.Experts));
        _config = config;
        Router = new(scope, config.Router, config.Experts);
        WGate = scope.Weight("W_gate", "expert d_model d_mlp");
        BGate = scope.Weight("b_gate", "expert d_mlp", required: config.Bias);
        WIn = scope.Weight("W_in", "expert d_model d_mlp");
        BIn = scope.Weight("b_in", "expert d_mlp", required: config.Bias);
        WOut = scope.Weight("W_out", "expert d_mlp d_model");
        BOut = scope.Weight("b_out", "expert d_model", required: config.Bias);
        Experts = [.. Enumerable.Range(0, config.Experts).Select(e => new Expert(scope.Child($"experts.{e}")))];
        BSum = config.OutputBias ? scope.Weight("b_sum", "d_model") : null;
        if (config.Shared is { } shared)
        {
            SharedExpert = new(outer.Child("shared_expert"), shared);
            WSharedGate = config.SharedGate ? scope.Weight("W_shared_gate", "d_model one") : null;
            HookSharedGate = config.SharedGate ? scope.Point("hook_shared_gate", "batch pos one") : null;
        }
    }

    /// <summary>What chooses and weighs.</summary>
    public Router Router { get; }

    /// <summary>Gate weights.</summary>
    public Weight WGate { get; }

    /// <summary>Gate biases.</summary>
    public Weight BGate { get; }

    /// <summary>Weights of the branch that the gate multiplies.</summary>
    public Weight WIn { get; }

    /// <summary>Biases of the branch that the gate multiplies.</summary>
    public Weight BIn { get; }

    /// <summary>Output weights.</summary>
    public Weight WOut { get; }

    /// <summary>Output biases.</summary>
    public Weight BOut { get; }

    /// <summary>The bias on what the experts write together, where there is one.</summary>
    public Weight? BSum { get; }

    /// <summary>The experts' hook points.</summary>
    public IReadOnlyList<Expert> Experts { get; }

    /// <summary>The expert that every token uses, where there is one.</summary>
    public GatedMlp? SharedExpert { get; }

    /// <summary>Weights of the shared expert's gate, where there is one.</summary>
    public Weight? WSharedGate { get; }

    /// <summary>The shared expert's gate before its sigmoid, where there is one.</summary>
    public HookPoint? HookSharedGate { get; }

    /// <summary>The configuration.</summary>
    public MixtureOfExpertsConfig Config => _config;

    internal override IReadOnlyList<Reader> Readers =>
        [new(Router.W, Router.B), new(WGate, BGate), new(WIn, BIn), .. SharedExpert?.Readers ?? [], .. WSharedGate is null ? [] : new[] { new Reader(WSharedGate, null) }];

    internal override IReadOnlyList<Weight> Writers => [WOut, BOut, .. BSum is null ? [] : new[] { BSum }, .. SharedExpert?.Writers ?? []];

    internal override Tensor Forward(Tensor x, Pass pass)
    {
        var (weights, indices) = Router.Route(x, pass);
        Routing routing = new(weights, indices, _config.Experts, x.dtype);
        var written = torch.zeros_like(x);
        for (var e = 0; e < _config.Experts; e++)
        {
            if (routing.Count(e) > 0 || Experts[e].IsHeard(pass))
            {
                using var scope = torch.NewDisposeScope();
                AddExpert(written, e, x, routing, pass);
            }
        }

        written = BSum is null ? written : written.Plus(BSum.Value);
        return SharedExpert is null ? written : written.Plus(Shared(x, pass));
    }

    private void AddExpert(Tensor written, int e, Tensor x, Routing routing, Pass pass)
    {
        var (rows, weights, points) = (routing.Rows(e), routing.Weights(e), Experts[e]);
        var own = x.index_select(0, rows);
        own = Router.ScalesInput ? own.Times(weights) : own;
        var gate = Show(points.HookGate, Product(own, WGate, BGate, e), rows, x, pass);
        var pre = Show(points.HookPre, Product(own, WIn, BIn, e), rows, x, pass);
        var post = Show(points.HookPost, Gated(gate, pre), rows, x, pass);
        var output = Product(post, WOut, BOut, e);
        written.AddRowsInPlace(rows, Router.ScalesInput ? output : output.Times(weights));
    }

    private Tensor Gated(Tensor gate, Tensor pre)
    {
        if (_config.Clamped is not { } clamped)
        {
            return Activations.Apply(_config.Activation, gate).Times(pre);
        }

        using var low = (-clamped.Limit).ToScalar();
        using var high = clamped.Limit.ToScalar();
        var held = gate.clamp_max(high);
        return held.Times(held.Times(clamped.Slope).sigmoid()).Times(pre.clamp(low, high).Plus(1));
    }

    private Tensor Shared(Tensor x, Pass pass)
    {
        var output = SharedExpert!.Forward(x, pass);
        return WSharedGate is null ? output : output.Times(pass.Apply(HookSharedGate!, Linear.Apply(x, WSharedGate)).sigmoid());
    }

    private static Tensor Product(Tensor rows, Weight weight, Weight bias, int e)
    {
        var matrix = weight.Value.select(0, e);
        return bias.IsBound ? bias.Value.select(0, e).addmm(rows, matrix, 1, 1) : rows.mm(matrix);
    }

    /// <summary>Shows an expert's rows at their places among all positions, and takes them back.</summary>
    private static Tensor Show(HookPoint point, Tensor values, Tensor rows, Tensor x, Pass pass) => pass.Listens(point)
        ? pass.Apply(point, torch.zeros([x.shape[0], values.shape[1]], values.dtype, values.device).index_copy(0, rows, values)).index_select(0, rows)
        : values;
}
