using Fathom.Loading;
using Fathom.Models;
using Fathom.Verification;

namespace Fathom.Tests.Loading;

/// <summary>SmolLM2-135M from its GGUF file against golden values of the reference: FATHOM_SMOLLM2 names the folder, which is too large to be a fixture.</summary>
public sealed class RealModelTests
{
    private static readonly string? Folder = Environment.GetEnvironmentVariable("FATHOM_SMOLLM2");

    [Theory]
    [InlineData("none", 33)]
    [InlineData("default", 27)]
    public void Logits_losses_activations_continuations_and_ids_are_the_golden_ones(string processing, int rows)
    {
        Assert.SkipWhen(Folder is null, "set FATHOM_SMOLLM2 to a folder with SmolLM2-135M's model.gguf and golden/ to check the real file");
        using var model = HookedTransformer.FromPretrained(Path.Combine(Folder, "model.gguf"), processing == "none" ? Processing.None : Processing.Default);
        var report = GoldenFolder.Compare(model, Path.Combine(Folder, "golden"), tolerance: 1e-3);
        Assert.True(report.Passed, report.ToString());
        Assert.Equal(rows, report.Tensors.Count);
        Assert.Equal(13, report.Tensors.Count(t => t.Name.StartsWith("generation.", StringComparison.Ordinal) && t.MaxDifference == 0));

        // The reference could not end this text before its 40th token; the model alone would.
        Assert.Single(report.Tensors, t => t.Against.EndsWith("kept from ending at token 30", StringComparison.Ordinal) && t.Name == "generation.prompts.7");
    }
}
