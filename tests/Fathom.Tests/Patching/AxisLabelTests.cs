using Fathom.Patching;
using Fathom.Tests.Fixtures;
using Axis = Fathom.Tensors.Axis;

namespace Fathom.Tests.Patching;

public sealed class AxisLabelTests
{
    [Fact]
    public void Tokens_that_are_parts_of_a_character_are_told_apart_by_their_bytes()
    {
        using var model = Names4L.Load();
        var labels = new PatchingSweep
        {
            From = "日 was Alex",
            Into = "日 was Alex",
            Site = Site.ResidPre,
            Over = [Axis.Position],
            Metric = Metric.Logit(" Hart"),
        }.Run(model).Axes[0].Labels;
        Assert.DoesNotContain(labels, label => label.Contains('\uFFFD'));
        Assert.Equal(labels.Count, labels.Distinct().Count());
        Assert.Contains(labels, label => label.Contains("E6", StringComparison.OrdinalIgnoreCase));
        Assert.Equal($"(pos {labels.Count - 1})  Alex", labels[^1]);
    }
}
