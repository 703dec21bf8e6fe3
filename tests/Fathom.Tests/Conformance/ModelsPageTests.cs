using System.Globalization;
using System.Text;
using Fathom.Architectures;
using Fathom.Tests.Fixtures;
using Fathom.Verification;

namespace Fathom.Tests.Conformance;

/// <summary>docs/models.md is made from the catalogue and the fixtures; FATHOM_WRITE_DOCS=1 writes it.</summary>
public sealed class ModelsPageTests
{
    private static readonly string Page = Path.Combine(Fixture.Repository, "docs", "models.md");

    [Fact]
    public void The_table_of_models_is_current()
    {
        if (Environment.GetEnvironmentVariable("FATHOM_WRITE_DOCS") == "1")
        {
            File.WriteAllText(Page, Text());
        }

        // Measured differences depend on the processor; families, classes and what is covered do not.
        Assert.Equal(Facts(Text()), Facts(File.ReadAllText(Page)));
    }

    private static IEnumerable<string> Facts(string page) => page.Split('\n').Where(l => l.StartsWith("| ", StringComparison.Ordinal)).Select(l => string.Join('|', l.Split('|').Take(5)));

    private static string Text()
    {
        StringBuilder text = new();
        text.Append("# Models\n\nMade by the conformance suite (`FATHOM_WRITE_DOCS=1 dotnet test tests/Fathom.Tests --filter ModelsPage`). Every fixture is a tiny random checkpoint of the class with values of transformers 5.24 in fp32; all tensors of its dump are compared ")
            .Append("(logits, loss, every residual, attention pattern and sublayer output, left-padded logits, greedy ids on a cache), tolerance 1e-4, or ten times the reference's noise where that is more. The noise is the reference's own: fp32 against fp64 logits. ")
            .Append("TransformerLens's own models are compared with its dumps; a test makes the checkpoints of rows without a fixture out of another's weights.\n\n")
            .Append("| family | classes | fixture | compared | largest difference | reference's noise |\n|---|---|---|---|---|---|\n");
        foreach (var architecture in Catalogue.All.OrderBy(a => a.Family, StringComparer.Ordinal))
        {
            foreach (var fixture in Family.Names.Concat(Family.Encoders).Concat(Family.EncoderDecoders).Where(n => architecture.Ids.Contains(Family.ClassOf(n))))
            {
                using var scope = torch.NewDisposeScope();
                var report = Report(fixture);
                Assert.True(report.Passed, $"{fixture}: {report}");
                text.Append(CultureInfo.InvariantCulture, $"| {architecture.Family} | {string.Join(", ", architecture.Ids)} | {fixture} | {report.Tensors.Count} tensors | {report.MaxDifference:0.0E+0} | {Family.NoiseFloor(fixture):0.0E+0} |\n");
            }

            if (Family.MadeByTests.TryGetValue(architecture.Ids[0], out var found))
            {
                text.Append(CultureInfo.InvariantCulture, $"| {architecture.Family} | {architecture.Ids[0]} | none | {found} | | |\n");
            }
        }

        return text.ToString();
    }

    private static VerificationReport Report(string fixture)
    {
        using var golden = Family.Golden(fixture);
        if (Family.EncoderDecoders.Contains(fixture))
        {
            using var two = Family.LoadEncoderDecoder(fixture);
            return ModelVerification.Compare(two, golden);
        }

        using var model = Family.LoadStack(fixture);
        return ModelVerification.Compare(model, golden, Family.Tolerance(fixture));
    }
}
