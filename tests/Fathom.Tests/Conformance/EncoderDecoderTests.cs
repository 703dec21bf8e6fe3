using Fathom.Components;
using Fathom.Configuration;
using Fathom.Hooks;
using Fathom.Models;
using Fathom.Verification;
using static Fathom.Tests.Conformance.Recorded;

namespace Fathom.Tests.Conformance;

/// <summary>What must hold in every encoder-decoder, checked on its fixture, with no code for any one of them.</summary>
public sealed class EncoderDecoderTests
{
    public static TheoryData<string> Families => [.. Family.EncoderDecoders];

    [Theory]
    [MemberData(nameof(Families))]
    public void Every_value_of_the_reference_is_reproduced(string family)
    {
        using var scope = torch.NewDisposeScope();
        using var model = Family.LoadEncoderDecoder(family);
        using var golden = Family.Golden(family);
        var report = ModelVerification.Compare(model, golden);
        Assert.True(report.Passed, $"{family}: {report}");
        Assert.Equal(golden.Tensors.Count, report.Tensors.Count);
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void The_spelling_of_the_hub_gives_the_same_bits(string family)
    {
        using var scope = torch.NewDisposeScope();
        using var model = Family.LoadEncoderDecoder(family);
        using var hub = Family.LoadEncoderDecoder(family, hubSpelling: true);
        var (ids, decoder) = Inputs(family);
        Assert.True(model.Forward(ids, decoder).Equals(hub.Forward(ids, decoder)), $"{family}: config.hub.json or model.hub.safetensors gives other logits");
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void The_streams_are_the_sums_of_what_is_added_to_them(string family)
    {
        using var scope = torch.NewDisposeScope();
        using var model = Family.LoadEncoderDecoder(family);
        var run = Recorded(model, family);
        foreach (var block in model.Encoder.Blocks.Concat(model.Decoder.Blocks))
        {
            Tensor At(HookPoint? point) => run[point!.Name];
            var onStream = block.Config.Layout == BlockLayout.NormOnStream;
            Close(At(block.HookResidMid), At(block.HookResidPre) + At(block.HookAttnOut), $"{family}: {block.Path}.hook_resid_mid");
            if (onStream)
            {
                continue;
            }

            if (block.CrossAttn is null)
            {
                Close(At(block.HookResidPost), At(block.HookResidPre) + At(block.HookAttnOut) + At(block.HookMlpOut), $"{family}: {block.Path}.hook_resid_post");
                continue;
            }

            Close(At(block.HookResidMidCross), At(block.HookResidMid) + At(block.HookCrossAttnOut), $"{family}: {block.Path}.hook_resid_mid_cross");
            Close(At(block.HookResidPost), At(block.HookResidPre) + At(block.HookAttnOut) + At(block.HookCrossAttnOut) + At(block.HookMlpOut), $"{family}: {block.Path}.hook_resid_post");
        }
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Rows_of_a_batch_do_not_affect_each_other(string family)
    {
        using var scope = torch.NewDisposeScope();
        using var model = Family.LoadEncoderDecoder(family);
        var (ids, decoder) = Inputs(family);
        var together = model.Forward(ids, decoder);
        for (var row = 0; row < ids.shape[0]; row++)
        {
            var difference = Distance(together.narrow(0, row, 1), model.Forward(ids.narrow(0, row, 1), decoder.narrow(0, row, 1)));
            Assert.True(difference <= 5e-5, $"{family}: row {row} differs by {difference:G3}");
        }
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void A_later_decoder_token_never_changes_an_earlier_activation_and_the_encoder_sees_both_sides(string family)
    {
        using var scope = torch.NewDisposeScope();
        using var model = Family.LoadEncoderDecoder(family);
        var (ids, decoder) = Inputs(family);
        var other = decoder.clone();
        other.narrow(1, 4, 3).copy_((decoder.narrow(1, 4, 3) + 7) % model.Config.DVocab);
        Assert.True(Distance(model.Forward(ids, decoder).narrow(1, 0, 4), model.Forward(ids, other).narrow(1, 0, 4)) <= 1e-5, $"{family}: the decoder looks ahead");
        var later = ids.clone();
        later.narrow(1, 10, 1).copy_((ids.narrow(1, 10, 1) + 7) % model.Config.DVocab);
        Assert.True(Distance(model.Encode(ids).narrow(1, 0, 1), model.Encode(later).narrow(1, 0, 1)) > 1e-4, $"{family}: the encoder does not look ahead");
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Padding_of_either_input_on_either_side_changes_no_logit_of_a_real_token(string family)
    {
        using var scope = torch.NewDisposeScope();
        using var model = Family.LoadEncoderDecoder(family);
        var (ids, decoder) = Inputs(family);
        var plain = model.Forward(ids, decoder);
        foreach (var (left, right, front) in new[] { (0, 4, 0), (3, 0, 0), (2, 1, 3), (0, 0, 2) })
        {
            var (source, mask) = Padded(ids, left, right);
            var (target, decoderMask) = Padded(decoder, front, 0);
            var padded = model.Forward(source, target, new() { AttentionMask = mask, DecoderMask = decoderMask });
            var difference = Distance(plain, padded.narrow(1, front, decoder.shape[1]));
            Assert.True(difference <= 1e-4, $"{family}: padding ({left} left, {right} right, {front} before the decoder's tokens) moved a logit by {difference:G3}");
        }
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Watching_every_point_changes_nothing_and_points_fire_once_in_the_order_the_model_lists(string family)
    {
        using var scope = torch.NewDisposeScope();
        using var model = Family.LoadEncoderDecoder(family);
        var (ids, decoder) = Inputs(family);
        List<string> fired = [];
        HookFunction watch = (x, point) =>
        {
            fired.Add(point.Name);
            Assert.Equal(point.Axes.Names.Count, (int)x.dim());
            for (var i = 0; i < x.dim(); i++)
            {
                Assert.True(!point.Sizes.TryGetValue(point.Axes.Names[i], out var size) || size == x.shape[i], $"{family}: {point} has shape [{string.Join(", ", x.shape)}]");
            }

            return x.clone();
        };
        var difference = Distance(model.Forward(ids, decoder), model.Forward(ids, decoder, new() { Hooks = [(NameFilter.All, watch)] }));
        Assert.Equal(model.HookPoints.Where(p => !p.IsOptional).Select(p => p.Name), fired);
        Assert.True(difference <= 5e-5, $"{family}: hooks that return a copy moved a logit by {difference:G3}");
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Editing_any_point_changes_the_output(string family)
    {
        using var scope = torch.NewDisposeScope();
        using var model = Family.LoadEncoderDecoder(family);
        var (ids, decoder) = Inputs(family);
        var plain = model.Forward(ids, decoder);
        foreach (var point in model.HookPoints)
        {
            using var inner = torch.NewDisposeScope();
            var edited = model.Forward(ids, decoder, new() { Hooks = [(point.Name, (x, _) => x * (1 + Ramp(x)) + Ramp(x))] });
            Assert.True(Distance(plain, edited) > 1e-6, $"{family}: an edit of {point.Name} changed no logit");
        }
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Points_computed_only_when_asked_for_change_nothing(string family)
    {
        using var scope = torch.NewDisposeScope();
        using var model = Family.LoadEncoderDecoder(family);
        var (ids, decoder) = Inputs(family);
        var plain = model.Forward(ids, decoder);
        foreach (var point in model.HookPoints.Where(p => p.IsOptional))
        {
            using var inner = torch.NewDisposeScope();
            var difference = Distance(plain, model.Forward(ids, decoder, new() { Hooks = [(point.Name, (x, _) => x.clone())] }));
            Assert.True(difference <= 1e-4, $"{family}: watching {point.Name} moved a logit by {difference:G3}");
        }
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void In_64_bits_the_model_agrees_to_noise(string family)
    {
        using var scope = torch.NewDisposeScope();
        using var model = Family.LoadEncoderDecoder(family);
        using var wide = Family.LoadEncoderDecoder(family, options: new() { DType = torch.float64, Processing = Fathom.Loading.Processing.None });
        var (ids, decoder) = Inputs(family);
        var difference = Distance(model.Forward(ids, decoder), wide.Forward(ids, decoder));
        Assert.True(difference <= Math.Max(2e-5, 10 * Family.NoiseFloor(family)), $"{family}: fp32 and fp64 differ by {difference:G3}");
    }

    /// <summary>The ids of the golden run.</summary>
    internal static (Tensor Ids, Tensor Decoder) Inputs(string family)
    {
        using var golden = Family.Golden(family);
        var (ids, decoder) = (golden.Read("input_ids"), golden.Read("decoder_input_ids"));
        torch.CurrentDisposeScope?.Attach(ids);
        torch.CurrentDisposeScope?.Attach(decoder);
        return (ids, decoder);
    }

    private static Tensor Ramp(Tensor x) => torch.linspace(0.2, 0.9, x.shape[^1], dtype: x.dtype);

    private static Dictionary<string, Tensor> Recorded(HookedEncoderDecoder model, string family)
    {
        Dictionary<string, Tensor> run = [];
        var (ids, decoder) = Inputs(family);
        model.Forward(ids, decoder, new() { Hooks = [(NameFilter.All, (x, point) =>
        {
            run[point.Name] = x.clone().DetachFromDisposeScope();
            return null;
        })] });
        foreach (var value in run.Values)
        {
            torch.CurrentDisposeScope?.Attach(value);
        }

        return run;
    }

    private static (Tensor Ids, Tensor Mask) Padded(Tensor ids, long left, long right)
    {
        Tensor Fill(long count, long value) => torch.full([ids.shape[0], count], value, torch.int64);
        return (torch.cat([Fill(left, 3), ids, Fill(right, 3)], 1), torch.cat([Fill(left, 0), Fill(ids.shape[1], 1), Fill(right, 0)], 1));
    }

    private static void Close(Tensor a, Tensor b, string what)
    {
        var difference = Distance(a, b);
        Assert.True(difference <= 2e-6 * Math.Max(1, a.abs().max().item<float>()), $"{what} differs by {difference:G3}");
    }
}
