using Fathom.Components;
using Fathom.Configuration;
using Fathom.Hooks;
using Fathom.Models;
using static Fathom.Tests.Conformance.Recorded;

namespace Fathom.Tests.Conformance;

/// <summary>What must hold in every family, checked on its fixture, with no code for any one of them.</summary>
public sealed class LawTests
{
    public static TheoryData<string> Families => Family.All;

    public static TheoryData<string> Stacks => Family.Stacks;

    /// <summary>All but those whose reference lets padding change real tokens (RecurrentGemma, docs/differences.md); GoldenTests hold their padded logits.</summary>
    public static TheoryData<string> PaddedFamilies => [.. Family.Names.Concat(Family.Encoders).Where(n => !Family.PaddingLeaks(n))];

    [Theory]
    [MemberData(nameof(Families))]
    public void A_later_token_never_changes_an_earlier_activation(string family)
    {
        const int First = 6;
        using var scope = torch.NewDisposeScope();
        using var model = Family.Load(family);
        var ids = Family.Ids(family);
        var other = ids.clone();
        other.narrow(1, First, ids.shape[1] - First).copy_((ids.narrow(1, First, ids.shape[1] - First) + 7) % model.Config.DVocab);
        Recorded before = new(model, ids), after = new(model, other);
        Assert.True(Distance(before.Logits.narrow(1, First, 1), after.Logits.narrow(1, First, 1)) > 1e-3, $"{family}: the changed token changed nothing at its own position");
        foreach (var point in model.HookPoints.Where(p => before.Values.ContainsKey(p.Name)))
        {
            var axis = point.Axes.Names.ToList().FindIndex(n => n is "pos" or "query_pos");
            if (axis >= 0 && before[point.Name].shape[axis] == ids.shape[1])
            {
                var difference = Distance(before[point.Name].narrow(axis, 0, First), after[point.Name].narrow(axis, 0, First));
                Assert.True(difference <= 1e-5, $"{family}: {point.Name} before position {First} moved by {difference:G3}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(PaddedFamilies))]
    public void Padding_on_the_left_changes_no_logit_of_a_real_token(string family)
    {
        using var scope = torch.NewDisposeScope();
        using var model = Family.LoadStack(family);
        var ids = Family.Ids(family);
        var plain = model.Forward(ids);
        foreach (var pads in new[] { 1, 3, 8 })
        {
            var padded = torch.cat([torch.full([ids.shape[0], pads], 3, torch.int64), ids], 1);
            var mask = torch.cat([torch.zeros([ids.shape[0], pads], torch.int64), torch.ones(ids.shape, torch.int64)], 1);
            var difference = Distance(plain, model.Forward(padded, new() { AttentionMask = mask }).narrow(1, pads, ids.shape[1]));
            Assert.True(difference <= 1e-4, $"{family}: {pads} pads moved a logit by {difference:G3}");
        }
    }

    [Theory]
    [MemberData(nameof(Stacks))]
    public void A_sequence_gives_the_same_logits_alone_and_in_a_batch(string family)
    {
        using var scope = torch.NewDisposeScope();
        using var model = Family.LoadStack(family);
        var ids = Family.Ids(family);
        var together = model.Forward(ids);
        for (var row = 0; row < ids.shape[0]; row++)
        {
            var difference = Distance(together.narrow(0, row, 1), model.Forward(ids.narrow(0, row, 1)));
            Assert.True(difference <= 5e-5, $"{family}: row {row} differs by {difference:G3}");
        }
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void A_run_on_a_cache_equals_a_run_without(string family)
    {
        using var scope = torch.NewDisposeScope();
        using var model = Family.Load(family);
        var ids = Family.Ids(family);
        // Dynamic scaling turns cached keys at the frequencies of their time once a run outgrows the trained context, as the reference does: equal within it only.
        var length = Math.Min(ids.shape[1], Rotaries(model).Select(r => r.Scaling).OfType<DynamicScaling>().Select(s => (long)s.OriginalContext).DefaultIfEmpty(long.MaxValue).Min());
        using KeyValueCache cache = new();
        long done = 0;
        foreach (var part in new[] { 5L, 1, 1, 2, 1, 1 })
        {
            var take = Math.Min(part, length - done);
            if (take > 0)
            {
                var cached = model.Forward(ids.narrow(1, done, take), new() { Cache = cache });
                done += take;
                var difference = Distance(model.Forward(ids.narrow(1, 0, done)).narrow(1, done - take, take), cached);
                Assert.True(difference <= 1e-4, $"{family}: after {done} tokens the cached logits differ by {difference:G3}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Stacks))]
    public void The_residual_stream_is_the_sum_of_what_is_added_to_it(string family)
    {
        using var scope = torch.NewDisposeScope();
        using var model = Family.LoadStack(family);
        Recorded run = new(model, Family.Ids(family));
        foreach (var block in model.Blocks)
        {
            Tensor Of(HookPoint point) => run[point.Name];
            var (lanes, post, attention) = (block.AltUp, Of(block.HookResidPost), Of(block.HookAttnOut));
            var pre = lanes is null ? Of(block.HookResidPre) : Of(lanes.HookPredicted).select(2, 0);
            var scale = Math.Max(1, post.abs().max().item<float>());
            var mlp = block.HookMlpOut is null ? torch.zeros_like(pre) : Of(block.HookMlpOut);
            if (block.HookResidMid is { } mid)
            {
                var sum = block.HookLaurelOut is null ? pre + attention : (pre + attention + Of(block.HookLaurelOut)) * Math.Sqrt(0.5);
                Close(Of(mid), sum, scale, $"{family}: {mid.Name}");
            }

            if (block.Config.Layout == BlockLayout.NormOnStream)
            {
                continue;
            }

            var both = (block.HookLaurelOut is null ? pre + attention : Of(block.HookResidMid!)) + mlp;
            if (lanes is not null)
            {
                Close(Of(lanes.HookUpdated), both, scale, $"{family}: {lanes.HookUpdated.Name}");
                continue;
            }

            both = block.HookPerLayerOut is null ? both : both + Of(block.HookPerLayerOut);
            Close(post, block.OutScale is null ? both : both * block.OutScale.Value, scale, $"{family}: {block.HookResidPost.Name}");
        }
    }

    [Theory]
    [MemberData(nameof(Stacks))]
    public void What_is_added_at_a_sublayers_output_moves_the_stream_by_exactly_that(string family)
    {
        using var scope = torch.NewDisposeScope();
        using var model = Family.LoadStack(family);
        var ids = Family.Ids(family);
        var block = model.Blocks[^1];
        var shift = torch.linspace(-1, 1, model.Config.DModel);
        var before = model.Forward(ids, new() { StopAtLayer = model.Config.NLayers });
        var point = block.HookPerLayerOut ?? block.HookMlpOut ?? block.HookAttnOut;
        var after = model.Forward(ids, new() { StopAtLayer = model.Config.NLayers, Hooks = [(point.Name, (x, _) => x + shift)] });
        if (block.AltUp is not null)
        {
            // What the token's vector adds goes to every lane but the first.
            var further = (after - before).narrow(2, 1, block.AltUp.WCorrect.Shape[1] - 1);
            Close(further, shift.expand(further.shape), Math.Max(1, before.abs().max().item<float>()), $"{family}: {point.Name}");
        }
        else if (block.Config.Layout != BlockLayout.NormOnStream)
        {
            var moved = block.OutScale is null ? shift : shift * block.OutScale.Value;
            Close(after - before, moved.expand(after.shape), Math.Max(1, before.abs().max().item<float>()), $"{family}: {point.Name}");
        }
    }

    [Theory]
    [MemberData(nameof(Stacks))]
    public void In_64_bits_the_model_agrees_to_noise(string family)
    {
        using var scope = torch.NewDisposeScope();
        using var model = Family.LoadStack(family);
        using var wide = Family.LoadStack(family, options: new() { DType = torch.float64, Processing = Fathom.Loading.Processing.None });
        var ids = Family.Ids(family);
        var difference = Distance(model.Forward(ids), wide.Forward(ids));
        Assert.True(difference <= Math.Max(2e-5, 10 * Family.NoiseFloor(family)), $"{family}: fp32 and fp64 differ by {difference:G3}; the reference's own noise is {Family.NoiseFloor(family):G3}");
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Weight_processing_leaves_probabilities_as_they_are(string family)
    {
        using var scope = torch.NewDisposeScope();
        using var model = Family.Load(family);
        using var processed = Family.Load(family, options: new());
        var ids = Family.Ids(family);
        var difference = Distance(model.Forward(ids).log_softmax(-1), processed.Forward(ids).log_softmax(-1));
        Assert.True(difference <= 1e-4, $"{family}: {processed.Source.Processing} moved log-probabilities by {difference:G3}");
    }

    private static IEnumerable<RotaryConfig> Rotaries(HookedTransformer model) => model.Blocks.Select(b => (b.Mixer as Attention)?.Config.Rotary).OfType<RotaryConfig>();

    private static void Close(Tensor a, Tensor b, double scale, string what)
    {
        var difference = Distance(a, b);
        Assert.True(difference <= 2e-6 * scale, $"{what} differs by {difference:G3}");
    }
}
