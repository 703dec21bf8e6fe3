using System.Globalization;
using Fathom.Components;
using Fathom.Configuration;
using Fathom.Hooks;
using Fathom.Models;
using Fathom.Tensors;

namespace Fathom.Verification;

/// <summary>A plain run of an encoder-decoder on the ids of a reference dump, with every hook point that fires recorded.</summary>
internal sealed class EncoderDecoderRun
{
    private readonly HookedEncoderDecoder _model;
    private readonly Dictionary<string, Tensor> _seen = [];

    /// <summary>Runs the model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="ids">The encoder's ids, <c>[batch, pos]</c>.</param>
    /// <param name="decoderIds">The decoder's ids, <c>[batch, decoder_pos]</c>; <see langword="null"/> for the start token.</param>
    /// <param name="mask">Which of the encoder's tokens are real, if the dump says so.</param>
    /// <param name="decoderMask">Which of the decoder's tokens are real, if the dump says so.</param>
    /// <param name="optional">Optional points that the dump holds.</param>
    public EncoderDecoderRun(HookedEncoderDecoder model, Tensor ids, Tensor? decoderIds, Tensor? mask, Tensor? decoderMask, IReadOnlyList<string> optional)
    {
        _model = model;
        HookFunction record = (activation, point) =>
        {
            _seen[point.Name] = activation.clone().DetachFromDisposeScope();
            return null;
        };
        (Ids, Mask, DecoderMask) = (ids, mask, decoderMask);
        DecoderIds = decoderIds ?? EncoderInput.DecoderIds(model, ids, RunOptions.Default);
        Logits = model.Forward(Ids, new() { DecoderTokens = DecoderIds, AttentionMask = mask, DecoderMask = decoderMask, Hooks = [(NameFilter.All, record), .. optional.Select(name => ((NameFilter)name, record))] });
        foreach (var value in _seen.Values)
        {
            torch.CurrentDisposeScope?.Attach(value);
        }
    }

    /// <summary>The encoder's ids.</summary>
    public Tensor Ids { get; }

    /// <summary>The decoder's ids.</summary>
    public Tensor DecoderIds { get; }

    /// <summary>Which of the encoder's tokens are real; <see langword="null"/> if all are.</summary>
    public Tensor? Mask { get; }

    /// <summary>Which of the decoder's tokens are real; <see langword="null"/> if all are.</summary>
    public Tensor? DecoderMask { get; }

    /// <summary>The logits, <c>[batch, decoder_pos, d_vocab]</c>.</summary>
    public Tensor Logits { get; }

    /// <summary>An activation by its full name.</summary>
    public (Tensor? Value, string From) At(string name) => (_seen.GetValueOrDefault(name), name);

    /// <summary>The activation that a dump calls <paramref name="name"/>, where it was taken from, whether it has the encoder's positions, and along which axis; nothing if the model has none.</summary>
    public (Tensor? Value, string From, bool OfInput, int Positions) Named(string name)
    {
        var ofInput = name.StartsWith("encoder", StringComparison.Ordinal);
        var (stack, prefix) = ofInput ? (_model.Encoder, "encoder") : (_model.Decoder, "decoder");
        if (name == $"{prefix}.resid_final" || name == $"{prefix}_last_hidden_state")
        {
            var (last, from) = name.EndsWith("final", StringComparison.Ordinal) ? Left(stack.Blocks[^1]) : Output(stack, prefix);
            return (last, from, ofInput, 1);
        }

        var dot = name.LastIndexOf('.');
        if (dot < 0 || !int.TryParse(name.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var layer) || layer > stack.Blocks.Count)
        {
            return default;
        }

        var kind = name[..dot];
        if (kind == $"{prefix}_hidden_states")
        {
            var (state, from) = layer == stack.Blocks.Count ? Output(stack, prefix) : At($"{prefix}.{layer}.hook_resid_pre");
            return (state, from, ofInput, 1);
        }

        if (layer == stack.Blocks.Count)
        {
            return default;
        }

        var point = kind switch
        {
            "cross_attentions" => stack.Blocks[layer].CrossAttn?.HookPattern.Name,
            _ when kind == $"{prefix}_attentions" || kind == $"{prefix}.attentions" => $"{prefix}.{layer}.attn.hook_pattern",
            _ => null,
        };
        if (point is not null)
        {
            return (At(point).Value, point, ofInput, 2);
        }

        var (value, source) = kind.StartsWith($"{prefix}.", StringComparison.Ordinal) ? OfBlock(kind[(prefix.Length + 1)..], stack.Blocks[layer]) : default;
        return (value, source ?? "", ofInput, 1);
    }

    private (Tensor? Value, string From) OfBlock(string kind, TransformerBlock block)
    {
        var onStream = block.Config.Layout == BlockLayout.NormOnStream;
        return kind switch
        {
            "resid_pre" => At(block.HookResidPre.Name),
            "resid_mid" => onStream ? Normed(block.Ln1!) : At(block.HookResidMid!.Name),
            "resid_mid_cross" when block.HookResidMidCross is { } mid => onStream ? Normed(block.Ln2!) : At(mid.Name),
            "resid_post" => Left(block),
            "attn_out" => At(block.HookAttnOut.Name),
            "cross_out" when block.HookCrossAttnOut is { } cross => At(cross.Name),
            "mlp_out" => At(block.HookMlpOut!.Name),
            "q" or "k" or "v" or "z" => At($"{block.Path}.attn.hook_{kind}"),
            _ => (null, ""),
        };
    }

    /// <summary>What a block leaves to the next.</summary>
    private (Tensor? Value, string From) Left(TransformerBlock block) => At((block.HookNormalizedResidPost ?? block.HookResidPost).Name);

    /// <summary>What a stack leaves, after its final norm where it has one.</summary>
    private (Tensor? Value, string From) Output(StackOfBlocks stack, string prefix) => stack.FinalLn is null ? Left(stack.Blocks[^1]) : (Normed(stack.FinalLn).Value, $"{prefix}_final_ln");

    /// <summary>What a norm writes.</summary>
    private (Tensor? Value, string From) Normed(Norm norm)
    {
        var value = _seen[norm.HookNormalized.Name];
        value = norm.W is { IsBound: true } w ? value.Times(w.Value) : value;
        return (norm.B is { IsBound: true } b ? value.Plus(b.Value) : value, norm.Path);
    }
}
