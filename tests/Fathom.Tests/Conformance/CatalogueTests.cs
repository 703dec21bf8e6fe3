using Fathom.Architectures;
using Fathom.Tests.Fixtures;

namespace Fathom.Tests.Conformance;

public sealed class CatalogueTests
{
    [Fact]
    public void Every_architecture_has_a_fixture()
    {
        var covered = Fixture.Names("families").Concat(Family.Toys).Select(n => Catalogue.Find(Family.ClassOf(n))).Concat(Family.MadeByTests.Keys.Select(Catalogue.Find)).ToHashSet();
        Assert.Empty(Catalogue.All.Where(a => !covered.Contains(a)).Select(a => $"{a.Family} ({a.Ids[0]}) has no fixture in tests/Fixtures/families; see docs/adding-an-architecture.md"));
    }

    [Fact]
    public void No_two_architectures_claim_the_same_class() =>
        Assert.Equal(Catalogue.Ids.Count, Catalogue.Ids.Distinct().Count());

    [Fact]
    public void Every_file_of_a_family_is_short()
    {
        var folder = Path.Combine(Fixture.Repository, "src", "Fathom", "Architectures");
        var families = Directory.GetFiles(folder, "*.cs").Where(f => Catalogue.All.Any(a => a.GetType().Name == Path.GetFileNameWithoutExtension(f)));
        Assert.All(families, f => Assert.InRange(File.ReadAllLines(f).Length, 1, 120));
    }

    [Fact]
    public void A_config_with_a_setting_that_the_family_lacks_is_refused_by_its_key()
    {
        var path = Path.Combine(Family.Folder("ministral3"), "config.json");
        var error = Assert.Throws<ConfigException>(() => new Mistral().ReadConfig(ConfigFile.Read(path), path));
        Assert.Contains("rope_parameters.llama_4_scaling_beta", error.Keys);
        Assert.Contains("does not honour", error.Message, StringComparison.Ordinal);
    }
}
