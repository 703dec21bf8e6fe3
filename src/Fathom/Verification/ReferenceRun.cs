using Fathom.Architectures;
using Fathom.Components;
using Fathom.Configuration;
using Fathom.Hooks;
using Fathom.Models;
using Fathom.Tensors;

namespace Fathom.Verification;

/// <summary>A plain run of a model on the ids of a reference dump, with every hook point that fires recorded.</summary>
internal sealed class ReferenceRun
{
    private readonly StackedModel _model;
    private readonly bool _unbatched;
    private readonly Dictionary<string, Tensor> _seen = [];

    /// <summary>Runs the model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="ids">Token ids, <c>[batch, pos]</c> or <c>[pos]</c>.</param>
    /// <param name="mask">Which tokens are real, of the same shape, if the dump says so.</param>
    /// <param name="types">The token types, of the same shape, if the dump says so.</param>
    /// <param name="optional">Optional points that the dump holds.</param>
    public ReferenceRun(StackedModel model, Tensor ids, Tensor? mask = null, Tensor? types = null, IReadOnlyList<string>? optional = null)
    {
        _model = model;
        HookFunction record = (activation, point) =>
        {
            _seen[point.Name] = activation.clone().DetachFromDisposeScope();
            return null;
        };
        _unbatched = ids.dim() == 1;
        Ids = Batched(ids);
        Mask = mask is null ? null : Batched(mask);
        RunOptions run = new() { AttentionMask = Mask, TokenTypes = types is null ? null : Batched(types) };
        var beside = model is HookedEncoder encoder ? encoder.NextSentencePoints : [];
        Logits = model.Forward(Ids, run with { Hooks = [(NameFilter.All, record), .. (optional ?? []).Except(beside).Select(name => ((NameFilter)name, record))] });
        NextSentence = beside.Count == 0 ? null : ((HookedEncoder)model).NextSentence(Ids, run with { Hooks = [.. beside.Select(name => ((NameFilter)name, record))] });
    }

    /// <summary>The ids that ran, <c>[batch, pos]</c>.</summary>
    public Tensor Ids { get; }

    /// <summary>Which tokens are real, <c>[batch, pos]</c>; <see langword="null"/> if all are.</summary>
    public Tensor? Mask { get; }

    /// <summary>A tensor of the dump with its batch axis, where the dump left it out.</summary>
    public Tensor Batched(Tensor dumped) => _unbatched ? dumped.unsqueeze(0) : dumped;

    /// <summary>The logits, <c>[batch, pos, d_vocab]</c>.</summary>
    public Tensor Logits { get; }

    /// <summary>The logits of the head for pairs of texts, <c>[batch, 2]</c>, in a model that holds it.</summary>
    public Tensor? NextSentence { get; }

    /// <summary>The logits of a padded run whose positions count the padding, in a model where that can matter to a reference: queries that grow with position on layers that have no other positions (Llama 4). Nothing otherwise.</summary>
    public Tensor? LogitsCountingPadding() => Mask is not null && _model.Config.Blocks.Any(b => b.Mixer is AttentionConfig { Temperature: not null, Rotary: null })
        ? _model.Forward(Ids, new() { AttentionMask = Mask, PositionIds = Arithmetic.Range(Ids.shape[1]).unsqueeze(0).expand(Ids.shape) })
        : null;

    /// <summary>The activation that a dump calls <paramref name="kind"/> in block <paramref name="layer"/>, and the point it was taken from; nothing if the model has none.</summary>
    public (Tensor? Value, string From) Activation(string kind, int layer)
    {
        if (layer > _model.Config.NLayers || (layer == _model.Config.NLayers && kind != "hidden_states"))
        {
            return (null, "");
        }

        var block = $"blocks.{layer}.";
        return kind switch
        {
            "resid_pre" => Lanes(At($"{block}hook_resid_pre")),
            "resid_mid" => OnStream(layer) ? (Affine(_model.Blocks[layer].Ln1!), $"{block}ln1") : At($"{block}hook_resid_mid"),
            "resid_post" => OnStream(layer) ? At($"{block}hook_normalized_resid_post") : Lanes(At($"{block}hook_resid_post")),
            "hidden_states" when layer < _model.Config.NLayers => Lanes(At($"{block}{(StatesAreOutputs ? "hook_resid_post" : "hook_resid_pre")}")),
            "hidden_states" when _model.Lanes is not null => Activation("resid_post", layer - 1),
            "hidden_states" when _model.Unembed?.WProj is { } narrower => (Linear.Apply(AfterNorm().Value!.flatten(0, 1), narrower).view([.. Ids.shape, -1]), $"{AfterNorm().From} · unembed.W_proj"),
            "hidden_states" => AfterNorm(),
            "attn_out" => Raw(_model.Blocks[layer].HookAttnOut, _model.Blocks[layer].Ln1Post, layer),
            "mlp_out" when _model.Blocks[layer].HookMlpOut is { } point => Raw(point, _model.Blocks[layer].Ln2Post, layer),
            "pattern" => At($"{block}attn.hook_pattern"),
            "attentions" => _model.Blocks.Select(b => $"{b.Path}.attn.hook_pattern").Where(_seen.ContainsKey).ElementAtOrDefault(layer) is { } pattern ? At(pattern) : (null, ""),
            "q" or "k" or "v" or "z" => At($"{block}attn.hook_{kind}"),
            _ => (null, ""),
        };
    }

    /// <summary>Another place that a dump may mean by the same name. Where norms act on the stream, <c>resid_mid</c> is what the MLP reads to some and what the norm after it reads to others.</summary>
    public (Tensor? Value, string From) OtherActivation(string kind, int layer) =>
        kind == "resid_mid" && layer < _model.Config.NLayers && OnStream(layer) ? At($"blocks.{layer}.hook_resid_post") : (null, "");

    /// <summary>What the final norm reads.</summary>
    public (Tensor? Value, string From) Final() => _model.Lanes is { } lanes ? At(lanes.HookMerged.Name) : Activation("resid_post", _model.Config.NLayers - 1);

    private (Tensor? Value, string From) AfterNorm() => _model.LnFinal is null ? Final() : AfterFinalNorm();

    /// <summary>What the final norm writes.</summary>
    public (Tensor? Value, string From) AfterFinalNorm() => _model is { Head: null, Unembed: not null } ? At("unembed.hook_in") : (Affine(_model.LnFinal!), "ln_final");

    /// <summary>An activation by its full name.</summary>
    public (Tensor? Value, string From) At(string name) => (_seen.GetValueOrDefault(name), name);

    /// <summary>Dumps put the lanes of a stream that has several first.</summary>
    private static (Tensor? Value, string From) Lanes((Tensor? Value, string From) stream) => stream.Value is { } value && value.dim() == 4 ? (value.permute(2, 0, 1, 3), stream.From) : stream;

    /// <summary>Whether the reference's hidden states are what the blocks give, without the embedding, rather than what they read.</summary>
    private bool StatesAreOutputs => Catalogue.Find(_model.Config.Architecture)?.HiddenStatesAreOutputs == true;

    private bool OnStream(int layer) => _model.Blocks[layer].Config.Layout == BlockLayout.NormOnStream;

    /// <summary>What a sublayer computes before the norm and the factor on it, which dumps hold: undone from what is added to the stream.</summary>
    private (Tensor? Value, string From) Raw(HookPoint added, Norm? after, int layer)
    {
        if (after is not null)
        {
            var (scale, normalized) = (_seen[after.HookScale.Name], _seen[after.HookNormalized.Name]);
            return (normalized.Times(scale), $"{after.HookNormalized.Name} · {after.HookScale.Name}");
        }

        var factor = _model.Blocks[layer].Config.ResidualMultiplier;
        var (value, from) = At(added.Name);
        return factor == 1 || value is null ? (value, from) : (value.Over(factor), $"{from} / {factor}");
    }

    private Tensor Affine(Norm norm)
    {
        var value = _seen[norm.HookNormalized.Name];
        value = norm.W is { IsBound: true } w ? value.Times(w.Value) : value;
        return norm.B is { IsBound: true } b ? value.Plus(b.Value) : value;
    }
}
