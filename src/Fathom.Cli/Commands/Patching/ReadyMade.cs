using Fathom.Patching;
using Fathom.Tensors;

namespace Fathom.Cli.Commands.Patching;

/// <summary>The reference's ready-made sweeps by name: <c>get_act_patch_</c> may stand in front.</summary>
internal static class ReadyMade
{
    private const string Prefix = "get_act_patch_";

    private static readonly string[] HeadParts = ["out", "q", "k", "v", "pattern"];

    private static readonly Places[] AllPositions = [.. new[] { Site.Z, Site.Q, Site.K, Site.V, Site.Pattern }.Select(site => Places.Of(site, Axis.Layer, Axis.Head))];

    private static readonly Places[] ByPosition =
        [.. new[] { Site.Z, Site.Q, Site.K, Site.V }.Select(site => Places.Of(site, Axis.Layer, Axis.Position, Axis.Head)), Places.Of(Site.Pattern, Axis.Layer, Axis.Head, Axis.Destination)];

    private static readonly Dictionary<string, Places[]> Sweeps = Table();

    internal static IReadOnlyList<string> Names => [.. Sweeps.Keys];

    /// <summary>The places of a ready-made sweep; of several, for the names that end in <c>every</c>.</summary>
    /// <exception cref="CommandException">There is none of that name.</exception>
    internal static IReadOnlyList<Places> Named(string name)
    {
        var bare = name.StartsWith(Prefix, StringComparison.Ordinal) ? name[Prefix.Length..] : name;
        return Sweeps.TryGetValue(bare, out var places)
            ? places
            : throw CommandException.Usage($"--ready-made '{name}' is unknown.{Nearest.Question(bare, Sweeps.Keys)} The ready-made sweeps are {string.Join(", ", Sweeps.Keys)}.");
    }

    private static Dictionary<string, Places[]> Table()
    {
        Dictionary<string, Places[]> table = new(StringComparer.Ordinal);
        foreach (var site in new[] { Site.ResidPre, Site.ResidMid, Site.AttnOut, Site.MlpOut })
        {
            table[site.Name] = [Places.Of(site, Axis.Layer, Axis.Position)];
        }

        foreach (var (part, i) in HeadParts.Select((part, i) => (part, i)))
        {
            table[$"attn_head_{part}_by_pos"] = [ByPosition[i]];
            table[$"attn_head_{part}_all_pos"] = [AllPositions[i]];
        }

        table["attn_head_pattern_dest_src_pos"] = [Places.Of(Site.Pattern, Axis.Layer, Axis.Head, Axis.Destination, Axis.Source)];
        table["attn_head_all_pos_every"] = AllPositions;
        table["attn_head_by_pos_every"] = ByPosition;
        table["block_every"] = [.. new[] { Site.ResidPre, Site.AttnOut, Site.MlpOut }.Select(site => Places.Of(site, Axis.Layer, Axis.Position))];
        return table;
    }
}
