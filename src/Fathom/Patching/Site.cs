using Fathom.Hooks;
using Fathom.Models;

namespace Fathom.Patching;

/// <summary>A kind of place in the model that a sweep patches: one hook point per layer.</summary>
/// <param name="Name">The short name, e.g. <c>resid_pre</c>, as a command line takes it.</param>
/// <param name="Templates">Hook names with <c>{i}</c> for the layer; in each layer the first that exists is meant.</param>
public sealed record Site(string Name, params IReadOnlyList<string> Templates)
{
    /// <summary>The residual stream entering each block.</summary>
    public static Site ResidPre { get; } = new("resid_pre", "blocks.{i}.hook_resid_pre");

    /// <summary>The residual stream between attention and MLP. Parallel blocks have none.</summary>
    public static Site ResidMid { get; } = new("resid_mid", "blocks.{i}.hook_resid_mid");

    /// <summary>The residual stream leaving each block.</summary>
    public static Site ResidPost { get; } = new("resid_post", "blocks.{i}.hook_resid_post");

    /// <summary>The residual stream before the first block and after every block: the rows of the founding notebook.</summary>
    public static Site ResidualStream { get; } = new("residual_stream", "blocks.{i}.hook_resid_post");

    /// <summary>Exactly what attention (or the mixer in its place) adds to the stream.</summary>
    public static Site AttnOut { get; } = new("attn_out", "blocks.{i}.hook_attn_out", "blocks.{i}.hook_mixer_out");

    /// <summary>Exactly what the MLP adds to the stream.</summary>
    public static Site MlpOut { get; } = new("mlp_out", "blocks.{i}.hook_mlp_out");

    /// <summary>Each head's mixed values, before <c>W_O</c>.</summary>
    public static Site Z { get; } = new("z", "blocks.{i}.attn.hook_z");

    /// <summary>Queries, before any norm or rotation.</summary>
    public static Site Q { get; } = new("q", "blocks.{i}.attn.hook_q");

    /// <summary>Keys, before any norm or rotation.</summary>
    public static Site K { get; } = new("k", "blocks.{i}.attn.hook_k");

    /// <summary>Values.</summary>
    public static Site V { get; } = new("v", "blocks.{i}.attn.hook_v");

    /// <summary>Attention probabilities. A patched row is used as it is, whether or not it sums to one.</summary>
    public static Site Pattern { get; } = new("pattern", "blocks.{i}.attn.hook_pattern");

    /// <summary>Scaled and masked attention scores.</summary>
    public static Site AttnScores { get; } = new("attn_scores", "blocks.{i}.attn.hook_attn_scores");

    /// <summary>What each head writes to the stream.</summary>
    public static Site Result { get; } = new("result", "blocks.{i}.attn.hook_result");

    /// <summary>Neurons before the nonlinearity.</summary>
    public static Site MlpPre { get; } = new("mlp_pre", "blocks.{i}.mlp.hook_pre");

    /// <summary>Neurons as <c>W_out</c> reads them.</summary>
    public static Site MlpPost { get; } = new("mlp_post", "blocks.{i}.mlp.hook_post");

    /// <summary>The raw logit of every expert of a mixture.</summary>
    public static Site RouterLogits { get; } = new("router_logits", "blocks.{i}.mlp.hook_router_logits");

    /// <summary>The score of every expert of a mixture, before the choice where scores come first. The experts chosen follow from what is put there.</summary>
    public static Site ExpertWeights { get; } = new("expert_weights", "blocks.{i}.mlp.hook_expert_weights");

    /// <summary>The scale of the norm before attention.</summary>
    public static Site Ln1Scale { get; } = new("ln1_scale", "blocks.{i}.ln1.hook_scale");

    /// <summary>The scale of the norm before the MLP.</summary>
    public static Site Ln2Scale { get; } = new("ln2_scale", "blocks.{i}.ln2.hook_scale");

    /// <summary>The sites with names of their own, in the order of a block.</summary>
    public static IReadOnlyList<Site> All { get; } =
        [ResidualStream, ResidPre, Ln1Scale, Q, K, V, AttnScores, Pattern, Z, Result, AttnOut, ResidMid, Ln2Scale, RouterLogits, ExpertWeights, MlpPre, MlpPost, MlpOut, ResidPost];

    /// <summary>Finds a site by its short name, or makes one of a hook name with <c>{i}</c> for the layer.</summary>
    /// <param name="name">E.g. <c>resid_pre</c>, <c>z</c>, <c>blocks.{i}.attn.hook_rot_q</c>.</param>
    /// <exception cref="SweepInputException">No site has that name.</exception>
    public static Site Named(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return All.FirstOrDefault(s => s.Name == name)
            ?? (name.Contains("{i}", StringComparison.Ordinal) ? new Site(name, name) : null)
            ?? throw new SweepInputException($"No site is called '{name}'.{NearestNames.Clause(name, All.Select(s => s.Name))} Sites: {string.Join(", ", All.Select(s => s.Name))}; or a hook name with {{i}} for the layer.");
    }

    /// <summary>The hook points of this site in a model, one per row of the layer axis.</summary>
    /// <param name="model">The model.</param>
    /// <exception cref="SweepInputException">No layer of the model has it.</exception>
    public IReadOnlyList<SitePoint> In(StackedModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        List<SitePoint> points = [];
        if (Name == ResidualStream.Name)
        {
            points.Add(new("resid_pre.0", 0, model.Blocks[0].HookResidPre));
        }

        for (var layer = 0; layer < model.Config.NLayers; layer++)
        {
            var names = Templates.Select(t => t.Replace("{i}", $"{layer}", StringComparison.Ordinal)).ToList();
            if (model.HookPoints.FirstOrDefault(p => names.Contains(p.Name)) is { } point)
            {
                points.Add(new(Name == ResidualStream.Name ? $"resid_post.{layer}" : $"L{layer}", layer, point));
            }
        }

        if (points.Count > 0)
        {
            return points;
        }

        var known = model.HookPoints.Where(p => p.Layer == 0).Select(p => p.Name.Replace("blocks.0.", "blocks.{i}.", StringComparison.Ordinal)).ToList();
        var experts = Templates[0].Contains(".mlp.hook_", StringComparison.Ordinal) && model.Blocks.Any(b => b.Mlp is Components.MixtureOfExperts)
            ? " Its layers hold mixtures of experts, each with neurons of its own, such as blocks.{i}.mlp.experts.0.hook_post."
            : "";
        throw new SweepInputException($"{model.Config.Architecture} has no site '{Name}' (no layer has {string.Join(" or ", Templates.Select(t => $"'{t}'"))}).{experts}{NearestNames.Clause(Templates[0], known)} It has the sites {string.Join(", ", All.Where(s => s.Templates.Any(known.Contains)).Select(s => s.Name))}.");
    }

    /// <inheritdoc/>
    public bool Equals(Site? other) => other is not null && Name == other.Name && Templates.SequenceEqual(other.Templates);

    /// <inheritdoc/>
    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
