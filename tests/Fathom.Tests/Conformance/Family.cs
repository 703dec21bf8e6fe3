using Fathom.Architectures;
using Fathom.Loading;
using Fathom.Loading.Checkpoints;
using Fathom.Models;
using Fathom.Tests.Fixtures;

namespace Fathom.Tests.Conformance;

/// <summary>A family's fixture: a tiny checkpoint with golden values. What is run on it is the same for all.</summary>
internal static class Family
{
    /// <summary>Every fixture whose class the catalogue has.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Fixture.Names("families").Where(n => Catalogue.Find(ClassOf(n)) is not null)];

    /// <summary>The names as theory data.</summary>
    public static TheoryData<string> All => [.. Names];

    /// <summary>The class name in the fixture's config.</summary>
    public static string ClassOf(string name) => Catalogue.Named(ConfigFile.Read(Path.Combine(Folder(name), "config.json")))!;

    /// <summary>The fixture's folder.</summary>
    public static string Folder(string name) => Fixture.Folder($"families/{name}");

    /// <summary>The golden values.</summary>
    public static Checkpoint Golden(string name) => Checkpoint.Open(Path.Combine(Folder(name), "golden.safetensors"));

    /// <summary>Loads the model as the reference saves it, or as the hub spells config and tensors.</summary>
    public static HookedTransformer Load(string name, bool hubSpelling = false, LoadOptions? options = null)
    {
        var config = Path.Combine(Folder(name), hubSpelling ? "config.hub.json" : "config.json");
        var weights = Path.Combine(Folder(name), "model.hub.safetensors");
        weights = hubSpelling && File.Exists(weights) ? weights : Path.Combine(Folder(name), "model.safetensors");
        var json = ConfigFile.Read(config);
        var architecture = Catalogue.Of(json, config);
        using var checkpoint = Checkpoint.Open(weights);
        return ModelLoader.Load(architecture, architecture.ReadConfig(json, config), checkpoint, options ?? new() { Processing = Processing.None }).Model;
    }

    /// <summary>Whether the fixture has the hub's spelling too.</summary>
    public static bool HasHubSpelling(string name) => File.Exists(Path.Combine(Folder(name), "config.hub.json"));
}
