using System.Text.Json;
using Fathom.Loading;
using Fathom.Models;
using Fathom.Tests.Fixtures;

namespace Fathom.Tests.Patching;

/// <summary>The embedded model and its golden sweeps.</summary>
internal static class Names4L
{
    public static readonly int[] Hart = [0, 541, 365, 280, 1253, 2628, 14, 364, 1253];
    public static readonly int[][] Corrupted = [[0, 541, 365, 280, 1253, 2389, 14, 364, 1253], [0, 541, 365, 280, 1878, 2628, 14, 364, 1253], [0, 541, 365, 280, 1253, 2628, 14, 364, 1878]];

    public static HookedTransformer Load() => HookedTransformer.FromPretrained(Path.Combine(Fixture.Repository, "models", "names-4l"));

    /// <summary>One run of sweeps.json, flattened.</summary>
    public static double[] Golden(int run, string name)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(Fixture.Folder("patching/names-4l"), "sweeps.json")));
        return [.. Flat(json.RootElement.GetProperty("runs")[run].GetProperty(name))];
    }

    public static double Distance(IReadOnlyList<double> want, IReadOnlyList<double> got)
    {
        Assert.Equal(want.Count, got.Count);
        return want.Zip(got, (w, g) => Math.Abs(w - g)).Max();
    }

    private static IEnumerable<double> Flat(JsonElement element) =>
        element.ValueKind == JsonValueKind.Array ? element.EnumerateArray().SelectMany(Flat) : [element.GetDouble()];
}
