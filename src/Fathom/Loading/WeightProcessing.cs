using Fathom.Components;
using Fathom.Configuration;
using Fathom.Models;
using Fathom.Tensors;

namespace Fathom.Loading;

/// <summary>Folding and centring of a decoder's weights, in place, one weight at a time.</summary>
/// <remarks>Whether a step is valid follows from the graph of each block, not from a family's name. Source: the weight processing of TransformerLens, corrected where it acts on the wrong axis or where rows of the pattern do not sum to one.</remarks>
internal sealed class WeightProcessing(HookedTransformer model, Processing processing)
{
    /// <summary>16-bit numbers whose mean is taken at once.</summary>
    private const long MeanValues = 1 << 21;

    private readonly List<string> _notes = [];
    private readonly List<string> _done = [];

    /// <summary>Runs the steps asked for.</summary>
    /// <returns>Sentences about what was skipped and why, and the steps that were done.</returns>
    /// <exception cref="ProcessingException">A step would change the model and was asked for without <see cref="Processing.WhereValid"/>.</exception>
    public (IReadOnlyList<string> Notes, string Done) Apply()
    {
        using var gradients = torch.no_grad();
        Step(processing.FoldLayerNorm, "fold_ln", ProcessingValidity.FoldLayerNorm(model), FoldNorms);
        Step(processing.CenterWritingWeights, "center_writing_weights", ProcessingValidity.CenterWriting(model), CenterWriters);
        Step(processing.CenterUnembed, "center_unembed", ProcessingValidity.CenterUnembed(model), CenterUnembed);
        Step(processing.FoldValueBiases, "fold_value_biases", ProcessingValidity.FoldValueBiases(model), FoldValueBiases);
        Step(processing.RefactorFactoredAttention, "refactor_factored_attn_matrices", ProcessingValidity.Refactor(model), () => AttentionRefactoring.Apply(model));
        return (_notes, _done.Count == 0 ? "none" : string.Join(", ", _done));
    }

    private void Step(bool wanted, string name, string? reason, Action apply)
    {
        if (!wanted)
        {
            return;
        }

        if (reason is not null)
        {
            _notes.Add(processing.WhereValid ? $"{name} was skipped: {reason}." : throw new ProcessingException(name, reason));
            return;
        }

        apply();
        _done.Add(name);
    }

    private void FoldNorms()
    {
        foreach (var block in model.Blocks)
        {
            var sharesNorm = block.Config.Layout == BlockLayout.Parallel && block.Ln2 is null && block.Mlp is not null;
            if (block.Config.Ln1 is not null)
            {
                Fold(block.Ln1!, [.. block.Mixer.Readers, .. sharesNorm ? block.Mlp!.Readers : []]);
            }

            if (block.Config.Ln2 is not null && block.Mlp is not null)
            {
                Fold(block.Ln2!, block.Mlp.Readers);
            }

            if (block.Mlp is Mlp { Ln: { } inner } mlp)
            {
                Fold(inner, [new(mlp.WOut, mlp.BOut)], "d_mlp");
            }
        }

        if (model.LnFinal is { } final)
        {
            model.Unembed.WU.Untie();
            Fold(final, [new(model.Unembed.WU, model.Unembed.BU)]);
        }
    }

    private static void Fold(Norm norm, IReadOnlyList<Reader> readers, string axis = "d_model")
    {
        using var scope = torch.NewDisposeScope();
        var gain = norm.W is { IsBound: true } ? norm.W.Value : null;
        var shift = norm.B is { IsBound: true } ? norm.B.Value : null;
        foreach (var reader in readers)
        {
            using var inner = torch.NewDisposeScope();
            var at = reader.Weight.Axes.Names.ToList().IndexOf(axis);
            long[] along = [.. reader.Weight.Axes.Names.Select(n => n == axis ? -1L : 1L)];
            var value = reader.Weight.Value;
            if (shift is not null)
            {
                AddToBias(reader, shift, at, along);
            }

            if (gain is not null)
            {
                value.mul_(gain.to(value.dtype).view(along));
            }

            if (norm.Config is LayerNormConfig && reader.Centred)
            {
                value.sub_(Mean(value, at));
            }
        }

        norm.W?.Unbind();
        norm.B?.Unbind();
    }

    private static void AddToBias(Reader reader, Tensor shift, int at, long[] along)
    {
        var value = reader.Weight.Value;
        var moved = value.movedim([at], [0]).reshape(value.shape[at], -1);
        var added = shift.to(value.dtype).unsqueeze(0).mm(moved);
        if (reader.Bias is not { } bias)
        {
            throw new ProcessingException("fold_ln", $"{reader.Weight.Name} has no bias that could take up the norm's bias");
        }

        var shaped = added.view([.. bias.Shape]);
        bias.Bind(bias.IsBound ? bias.Value.Plus(shaped) : shaped, bias.IsBound ? bias.Source : "folded norm", copy: true);
    }

    private void CenterWriters()
    {
        model.Unembed.WU.Untie();
        Center(model.Embed.WE);
        if (model.PosEmbed?.WPos is { } positions)
        {
            Center(positions);
        }

        foreach (var block in model.Blocks)
        {
            if (block.Attn is { } attention)
            {
                Center(attention.WO);
                Center(attention.BO);
            }

            foreach (var writer in block.Mlp?.Writers ?? [])
            {
                Center(writer);
            }
        }
    }

    private static void Center(Weight weight)
    {
        if (!weight.IsBound)
        {
            return;
        }

        using var scope = torch.NewDisposeScope();
        var value = weight.Value;
        value.sub_(Mean(value, value.dim() - 1));
    }

    /// <summary>The mean over an axis, kept. Of 16-bit numbers libtorch makes a copy in 32 bits first, so it is given some at a time.</summary>
    private static Tensor Mean(Tensor value, long axis)
    {
        var other = axis == 0 ? 1 : 0;
        if (value.dtype is not (torch.ScalarType.Float16 or torch.ScalarType.BFloat16) || value.numel() <= MeanValues || value.dim() == 1)
        {
            return value.mean([axis], keepdim: true);
        }

        var step = Math.Max(1, MeanValues / (value.numel() / value.shape[other]));
        List<Tensor> means = [];
        for (long at = 0; at < value.shape[other]; at += step)
        {
            using var scope = torch.NewDisposeScope();
            means.Add(value.narrow(other, at, Math.Min(step, value.shape[other] - at)).mean([axis], keepdim: true).MoveToOuterDisposeScope());
        }

        return torch.cat(means, other);
    }

    private void CenterUnembed()
    {
        model.Unembed.WU.Untie();
        Center(model.Unembed.WU);
        Center(model.Unembed.BU);
    }

    private void FoldValueBiases()
    {
        var centred = _done.Contains("center_writing_weights");
        foreach (var attention in model.Blocks.Select(b => b.Attn).OfType<Attention>().Where(a => a.Config is { Latent: null, KeysFrom: null } && a.BV.IsBound))
        {
            using var scope = torch.NewDisposeScope();
            var group = attention.Config.NHeads / attention.Config.NKeyValueHeads;
            var values = group == 1 ? attention.BV.Value : attention.BV.Value.repeat_interleave(group, 0);
            var written = values.reshape(1, -1).mm(attention.WO.Matrix).view(-1);
            attention.BO.Bind(attention.BO.IsBound ? attention.BO.Value.Plus(written) : written, "folded value biases", copy: true);
            attention.BV.Value.zero_();
            if (centred)
            {
                Center(attention.BO);
            }
        }
    }
}
