using Fathom.Components;
using Fathom.Configuration;
using Fathom.Hooks;
using Fathom.Models;
using static Fathom.Tests.Conformance.Recorded;

namespace Fathom.Tests.Conformance;

/// <summary>Hooks in every family: watching changes nothing, editing changes the output at every point there is.</summary>
public sealed class HookTests
{
    public static TheoryData<string> Families => Family.Stacks;

    [Theory]
    [MemberData(nameof(Families))]
    public void Watching_every_point_changes_nothing(string family)
    {
        using var scope = torch.NewDisposeScope();
        using var model = Family.LoadStack(family);
        var ids = Family.Ids(family);
        HashSet<string> fired = [];
        HookFunction watch = (x, point) =>
        {
            Assert.True(fired.Add(point.Name), $"{family}: {point.Name} fired twice");
            Assert.Equal(point.Axes.Names.Count, (int)x.dim());
            for (var i = 0; i < x.dim(); i++)
            {
                Assert.True(!point.Sizes.TryGetValue(point.Axes.Names[i], out var size) || size == x.shape[i], $"{family}: {point} has shape [{string.Join(", ", x.shape)}]");
            }

            return x.clone();
        };
        var plain = model.Forward(ids);
        var watched = model.Forward(ids, new() { Hooks = [(NameFilter.Where(n => !IsSplit(n) && !IsBeside(n)), watch)] });
        Assert.Empty(model.HookPoints.Select(p => p.Name).Where(n => !IsSplit(n) && !IsBeside(n)).Except(fired));
        var difference = Distance(plain, watched);
        Assert.True(difference <= 5e-5, $"{family}: hooks that return a copy moved a logit by {difference:G3}");
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Splitting_what_heads_read_changes_nothing_and_shows_the_stream_before_the_norm(string family)
    {
        using var scope = torch.NewDisposeScope();
        using var model = Family.LoadStack(family);
        var ids = Family.Ids(family);
        var plain = new Recorded(model, ids);
        foreach (var point in model.HookPoints.Where(p => IsSplit(p.Name)))
        {
            using var inner = torch.NewDisposeScope();
            var split = model.Forward(ids, new() { Hooks = [(point.Name, (x, _) =>
            {
                Assert.True(Distance(Read(plain, model.Blocks[point.Layer!.Value], x), x) <= 1e-4, $"{family}: {point.Name} is not the stream before the norm");
                return x.clone();
            })] });
            var difference = Distance(plain.Logits, split);
            Assert.True(difference <= 1e-4, $"{family}: splitting at {point.Name} moved a logit by {difference:G3}");
        }
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Editing_any_point_changes_the_output(string family)
    {
        using var scope = torch.NewDisposeScope();
        using var model = Family.LoadStack(family);
        var ids = Family.Ids(family).narrow(0, 0, 1).narrow(1, 0, 7);
        var plain = model.Forward(ids);
        foreach (var point in Sample(model))
        {
            using var inner = torch.NewDisposeScope();
            var computed = true;
            var edited = model.Forward(ids, new() { Hooks = [(point.Name, (x, p) =>
            {
                computed = !point.Name.Contains(".experts.", StringComparison.Ordinal) || x.count_nonzero().item<long>() > 0;
                return Edit(x, p);
            })] });
            // An expert that no token goes to computes nothing.
            Assert.True(!computed || Distance(plain, edited) > 1e-6, $"{family}: an edit of {point.Name} changed no logit");
        }
    }

    /// <summary>The points of the first and the last layer that have each name, and all outside the layers.</summary>
    private static IEnumerable<HookPoint> Sample(StackedModel model) => model.HookPoints.Where(p => !IsBeside(p.Name)).GroupBy(p => p.Layer is null ? p.Name : p.ShortName)
        .SelectMany(g => g.Count() == 1 ? g.Take(1) : new[] { g.First(), g.Last() });

    /// <summary>Scales and shifts, differently along the last axis: no norm or softmax is indifferent to it. Experts change places. Indices move to the next choice.</summary>
    private static Tensor Edit(Tensor x, HookPoint point)
    {
        if (!x.is_floating_point())
        {
            return (x + 1) % point.Sizes["expert"];
        }

        // Other experts must be chosen: some routers weigh a clear winner by one, whatever its logit.
        x = point.Axes.Names[^1] == "expert" ? x.flip(-1) : x;
        var ramp = torch.linspace(0.2, 0.9, x.shape[^1], dtype: x.dtype);
        return x * (1 + ramp) + ramp;
    }

    /// <summary>The stream that a sublayer reads, before any norm: one copy per head for attention.</summary>
    private static Tensor Read(Recorded plain, TransformerBlock block, Tensor x) =>
        x.dim() == 4 ? (block.AltUp is { } lanes ? plain[lanes.HookPredicted.Name].narrow(2, 0, 1) : plain[block.HookResidPre.Name].unsqueeze(2)).expand(x.shape)
        : block.Config.Layout == BlockLayout.NormOnStream ? x : plain[(block.HookResidMid ?? block.HookResidPre).Name];

    /// <summary>Points at which a reader has a copy of the stream of its own; a norm behind them runs once more, and has an axis more for heads.</summary>
    private static bool IsSplit(string name) => !name.Contains(".mixer.", StringComparison.Ordinal) && (name.EndsWith("_input", StringComparison.Ordinal) || name.EndsWith("hook_mlp_in", StringComparison.Ordinal) || name.EndsWith("hook_attn_in", StringComparison.Ordinal));

    /// <summary>Points of heads that compute something else than the logits of words.</summary>
    private static bool IsBeside(string name) => name.StartsWith("pooler.", StringComparison.Ordinal) || name.StartsWith("nsp_head.", StringComparison.Ordinal);
}
