using Fathom.Patching;
using Fathom.Tensors;

namespace Fathom.Bench.Sweeps;

/// <summary>One row of the table: sweeps that run together.</summary>
internal sealed record Case(string Name, IReadOnlyList<PatchingSweep> Sweeps, int Rounds)
{
    public int Cells(int length) => Sweeps.Sum(s => s.Over.Aggregate(1, (n, a) => n * (a == Axis.Layer ? (s.Site == Site.Z ? 12 : 13) : a == Axis.Head ? 12 : length)));

    public int Length => Sweeps[0].Into[0].Ids!.Count;

    /// <summary>The cases of GPT-2 small's shape.</summary>
    public static IReadOnlyList<Case> All(bool longest)
    {
        List<Case> cases =
        [
            new("notebook: three 13 x 9", [Residual(9, 5, only: true), Residual(9, 4, only: true), Residual(9, 8, only: true)], 7),
            new("one 13 x 9", [Residual(9, 5, only: true)], 7),
            new("z 12 x 12, all positions", [Residual(9, 5, only: true) with { Site = Site.Z, Over = [Axis.Layer, Axis.Head] }], 7),
            new("z 12 x 12 x 9", [Residual(9, 5, only: true) with { Site = Site.Z, Over = [Axis.Layer, Axis.Head, Axis.Position] }], 5),
            new("13 x 64, all tokens but the first differ", [Residual(64, 1, only: false)], 3),
            new("13 x 256, all tokens but the first differ", [Residual(256, 1, only: false)], 1),
        ];
        if (longest)
        {
            cases.Add(new("13 x 1024, all tokens but the first differ", [Residual(1024, 1, only: false)], 1));
        }

        return cases;
    }

    private static PatchingSweep Residual(int length, int differs, bool only)
    {
        Random random = new(length);
        int[] into = [.. Enumerable.Range(0, length).Select(_ => random.Next(50000))];
        int[] from = [.. into.Select((id, i) => i == differs || (!only && i > differs) ? (id + 1000 + i) % 50000 : id)];
        return new() { From = from, Into = into, Site = Site.ResidualStream, Over = [Axis.Layer, Axis.Position], Metric = Metric.LogitDifference(100, 200) };
    }
}
