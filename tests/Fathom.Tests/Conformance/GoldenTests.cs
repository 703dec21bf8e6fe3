using Fathom.Verification;

namespace Fathom.Tests.Conformance;

/// <summary>Every family against the values of the reference implementation.</summary>
public sealed class GoldenTests
{
    [Theory]
    [MemberData(nameof(Family.Stacks), MemberType = typeof(Family))]
    public void Every_value_of_the_reference_is_reproduced(string family)
    {
        using var scope = torch.NewDisposeScope();
        using var model = Family.LoadStack(family);
        using var golden = Family.Golden(family);
        var report = ModelVerification.Compare(model, golden, Family.Tolerance(family));
        Assert.True(report.Passed, $"{family}: {report}");
    }

    [Theory]
    [MemberData(nameof(Family.Stacks), MemberType = typeof(Family))]
    public void The_spelling_of_the_hub_gives_the_same_bits(string family)
    {
        Assert.SkipUnless(Family.HasHubSpelling(family), "the fixture has one spelling only");
        using var scope = torch.NewDisposeScope();
        using var model = Family.LoadStack(family);
        using var hub = Family.LoadStack(family, hubSpelling: true);
        using var golden = Family.Golden(family);
        var ids = golden.Read("input_ids");
        Assert.True(model.Forward(ids).Equals(hub.Forward(ids)), $"{family}: config.hub.json or model.hub.safetensors gives other logits");
    }
}
