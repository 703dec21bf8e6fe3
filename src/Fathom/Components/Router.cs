using Fathom.Configuration;
using Fathom.Hooks;
using Fathom.Tensors;

namespace Fathom.Components;

/// <summary>Chooses each token's experts and weighs them. Its numbers are taken in at least 32 bits, whatever the type of the weights.</summary>
/// <remarks>
/// <c>logits = x·W_router + b_router</c>; the scores of all experts, the choice and the weights used follow in the order of the <see cref="RouterConfig"/>.
/// Sources: see the records.
/// </remarks>
public sealed class Router : Component
{
    private readonly int _experts;

    internal Router(PartScope scope, RouterConfig config, int experts)
        : base(scope)
    {
        var place = scope.With(("expert", experts), ("expert_rank", config.Chosen));
        Config = config;
        _experts = experts;
        W = place.Weight("W_router", "d_model expert");
        B = place.Weight("b_router", "expert", required: config.Bias);
        Correction = config is SigmoidRouter ? place.Weight("b_correction", "expert", wide: true) : null;
        HookRouterLogits = place.Point("hook_router_logits", "batch pos expert");
        HookExpertWeights = place.Point("hook_expert_weights", "batch pos expert");
        HookExpertIndices = place.Point("hook_expert_indices", "batch pos expert_rank", indices: true);
        HookRouterWeights = place.Point("hook_router_weights", "batch pos expert_rank");
    }

    /// <summary>How it chooses and weighs.</summary>
    public RouterConfig Config { get; }

    /// <summary>The weights of the logits.</summary>
    public Weight W { get; }

    /// <summary>The bias of the logits.</summary>
    public Weight B { get; }

    /// <summary>What joins the scores for the choice only, where there is such a thing.</summary>
    public Weight? Correction { get; }

    /// <summary>The logit of every expert, raw: rows do not sum to one.</summary>
    public HookPoint HookRouterLogits { get; }

    /// <summary>The score of every expert: its probability, its sigmoid, or (where the softmax follows the choice) the weights used, zero elsewhere.</summary>
    public HookPoint HookExpertWeights { get; }

    /// <summary>The experts chosen, best first, int64.</summary>
    public HookPoint HookExpertIndices { get; }

    /// <summary>The factor on each chosen expert, as it is used.</summary>
    public HookPoint HookRouterWeights { get; }

    /// <summary>Whether the factors multiply what experts read rather than what they write.</summary>
    internal bool ScalesInput => Config is InputRouter;

    /// <summary>Chooses and weighs.</summary>
    /// <param name="x"><c>[rows, d_model]</c>.</param>
    /// <param name="pass">The run.</param>
    /// <returns>The factor on each chosen expert and its index, both <c>[rows, expert_rank]</c>.</returns>
    internal (Tensor Weights, Tensor Indices) Route(Tensor x, Pass pass)
    {
        var half = x.dtype is torch.ScalarType.Float16 or torch.ScalarType.BFloat16;
        var logits = half ? x.to(torch.float32).mm(W.Matrix.to(torch.float32)) : x.mm(W.Matrix);
        logits = pass.Apply(HookRouterLogits, B.IsBound ? logits.Plus(B.Value) : logits);
        var (weights, indices) = Config switch
        {
            SoftmaxRouter softmax => FromScores(logits.softmax(-1), s => s, softmax.Groups, pass),
            SigmoidRouter sigmoid => FromScores(logits.sigmoid(), s => s.Plus(Correction!.Value.to(s.dtype)), sigmoid.Groups, pass),
            InputRouter => FromScores(logits.sigmoid(), _ => logits, null, pass),
            TopKRouter => FromChoice(logits, ChooseThenSoftmax(logits), pass),
            SparseMixerRouter mixer => FromChoice(logits, OneByOne(logits, mixer), pass),
            _ => throw new InvalidOperationException($"No routing for {Config.GetType().Name}."),
        };
        weights = Config switch
        {
            SoftmaxRouter c => Scaled(weights, c.Renormalized, c.Factor),
            SigmoidRouter c => Scaled(weights, c.Renormalized, c.Factor),
            _ => weights,
        };
        return (pass.Apply(HookRouterWeights, weights), indices);
    }

    private static Tensor Scaled(Tensor weights, bool renormalized, double factor)
    {
        weights = renormalized ? weights.Over(weights.sum([-1], keepdim: true).Plus(1e-20)) : weights;
        return factor == 1 ? weights : weights.Times(factor);
    }

    /// <summary>Scores first: the best of what <paramref name="compared"/> makes of them are chosen, and weighed by the scores.</summary>
    private (Tensor Weights, Tensor Indices) FromScores(Tensor scores, Func<Tensor, Tensor> compared, ExpertGroups? groups, Pass pass)
    {
        scores = pass.Apply(HookExpertWeights, scores);
        var indices = Shown(Limited(compared(scores), groups).topk(Config.Chosen).indexes, pass);
        return (scores.gather(1, indices), indices);
    }

    /// <summary>The choice first: weights are known for the chosen only.</summary>
    private (Tensor Weights, Tensor Indices) FromChoice(Tensor logits, (Tensor Weights, Tensor Indices) choice, Pass pass)
    {
        if (!pass.Listens(HookExpertWeights) && !pass.Listens(HookExpertIndices))
        {
            return choice;
        }

        var all = pass.Apply(HookExpertWeights, torch.zeros_like(logits).scatter(1, choice.Indices, choice.Weights));
        var indices = Shown(choice.Indices, pass);
        return (all.gather(1, indices), indices);
    }

    private (Tensor Weights, Tensor Indices) ChooseThenSoftmax(Tensor logits)
    {
        var (best, indices) = logits.topk(Config.Chosen);
        return (best.softmax(-1), indices);
    }

    private static (Tensor Weights, Tensor Indices) OneByOne(Tensor logits, SparseMixerRouter mixer)
    {
        List<Tensor> weights = [], indices = [];
        var rest = logits;
        for (var round = 0; round < mixer.Chosen; round++)
        {
            var (best, index) = rest.max(-1, keepdim: true);
            var distance = best.Minus(logits).Over(torch.maximum(logits.abs(), best));
            weights.Add(rest.FilledWhere(distance.IsAbove(2 * mixer.Closeness), double.NegativeInfinity).softmax(-1).gather(1, index));
            indices.Add(index);
            rest = rest.FilledWhere(torch.zeros_like(rest, torch.@bool).scatter(1, index, torch.ones_like(index, torch.@bool)), double.NegativeInfinity);
        }

        return (torch.cat(weights, 1), torch.cat(indices, 1));
    }

    private static Tensor Limited(Tensor scores, ExpertGroups? groups)
    {
        if (groups is null || groups.Kept == groups.Count)
        {
            return scores;
        }

        var grouped = scores.view(scores.shape[0], groups.Count, -1);
        var ranks = grouped.topk(groups.Best).values.sum([-1]);
        var kept = ranks.topk(groups.Kept).indexes;
        var barred = torch.ones_like(ranks, torch.@bool).scatter(1, kept, torch.zeros_like(kept, torch.@bool));
        return grouped.FilledWhere(barred.unsqueeze(-1), double.NegativeInfinity).view(scores.shape);
    }

    private Tensor Shown(Tensor indices, Pass pass)
    {
        if (!pass.Listens(HookExpertIndices))
        {
            return indices;
        }

        indices = pass.Apply(HookExpertIndices, indices);
        var (low, high) = (indices.min().item<long>(), indices.max().item<long>());
        return low >= 0 && high < _experts
            ? indices
            : throw new HookValueException(HookExpertIndices, $"the expert {(low < 0 ? low : high)}; there are {_experts}, numbered from 0.");
    }
}
