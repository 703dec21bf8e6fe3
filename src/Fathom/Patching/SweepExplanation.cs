using System.Globalization;

namespace Fathom.Patching;

/// <summary>What a sweep would do, before it does it.</summary>
/// <param name="Work">Cells, skipped cells and predicted rows (the counted ones are those predicted).</param>
/// <param name="BaseRows">Rows that the unpatched runs send through each block.</param>
/// <param name="BytesNeeded">The predicted peak beside the model, in bytes.</param>
/// <param name="Budget">The budget, in bytes.</param>
/// <param name="Operations">Predicted multiply-adds of the weights' products, times two.</param>
/// <param name="LoopOperations">The same for one whole forward run per cell.</param>
/// <param name="Reads">What the metrics read of the logits.</param>
public sealed record SweepExplanation(SweepWork Work, long BaseRows, long BytesNeeded, long Budget, double Operations, double LoopOperations, string Reads)
{
    /// <summary>How cells would be computed: by the engine, or by whole runs where they are asked for or the model's blocks read more than one residual stream and their own keys.</summary>
    public SweepPath Path { get; init; } = SweepPath.Engine;

    /// <summary>The plan of two sets of sweeps, one run after the other.</summary>
    internal SweepExplanation And(SweepExplanation other) => new(
        new(Work.Cells + other.Work.Cells, Work.Skipped + other.Work.Skipped, Work.AttentionRows + other.Work.AttentionRows, Work.MlpRows + other.Work.MlpRows,
            Work.PlannedAttentionRows + other.Work.PlannedAttentionRows, Work.PlannedMlpRows + other.Work.PlannedMlpRows, Work.LoopRows + other.Work.LoopRows, Work.Groups + other.Work.Groups),
        BaseRows + other.BaseRows, Math.Max(BytesNeeded, other.BytesNeeded), Budget, Operations + other.Operations, LoopOperations + other.LoopOperations, Reads == other.Reads ? Reads : $"{Reads}; {other.Reads}") { Path = Path };

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"""
        path         {(Path == SweepPath.Engine ? "the engine" : "one whole run per cell")}
        cells        {Work.Cells:N0}, of which {Work.Skipped:N0} cannot differ from the unpatched run
        rows         {Work.PlannedAttentionRows:N0} through attention, {Work.PlannedMlpRows:N0} through MLPs; a loop: {Work.LoopRows:N0} through each
        base runs    {BaseRows:N0} rows
        groups       {Work.Groups}
        logits       {Reads}
        work         {Operations / 1e9:N1} GFLOP; a loop: {LoopOperations / 1e9:N1} GFLOP ({LoopOperations / Math.Max(1, Operations):0.0} times as much)
        memory       {BytesNeeded / 1048576.0:N0} MiB of {Budget / 1048576.0:N0} MiB
        """);
}
