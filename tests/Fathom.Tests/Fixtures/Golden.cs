using System.Text.Json;
using Fathom.Hooks;
using Fathom.Models;

namespace Fathom.Tests.Fixtures;

/// <summary>Reads and compares golden values.</summary>
internal static class Golden
{
    /// <summary>The largest absolute difference; equal infinities count as equal.</summary>
    public static double Distance(Tensor want, Tensor got)
    {
        using var scope = torch.NewDisposeScope();
        if (want.numel() != got.numel())
        {
            return double.PositiveInfinity;
        }

        var (a, b) = (want.to(torch.float64).reshape(-1), got.to(torch.float64).reshape(-1));
        var difference = torch.where(a.eq(b), torch.zeros_like(a), (a - b).abs());
        return difference.numel() == 0 ? 0 : difference.max().item<double>();
    }

    /// <summary>Every point that fires by itself, and the optional ones that the globs name.</summary>
    public static NameFilter WithOptional(HookedModel model, string? globs) =>
        model.HookPoints.Where(p => !p.IsOptional).Select(p => p.Name).Concat(globs?.Split(',') ?? []).ToArray();

    /// <summary>A firing order from hook-order.json.</summary>
    public static IReadOnlyList<string> FiringOrder(string path, string key)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(path));
        return [.. json.RootElement.GetProperty(key).EnumerateArray().Select(e => e.GetString()!)];
    }
}
