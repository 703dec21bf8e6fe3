using System.Globalization;

namespace Fathom.Patching;

/// <summary>What a sweep computed. One row is one position of one run going through one block's attention or MLP.</summary>
/// <param name="Cells">The cells, times examples.</param>
/// <param name="Skipped">Cells that provably equal the unpatched run and were not computed.</param>
/// <param name="AttentionRows">Rows that went through attention (or the mixer in its place).</param>
/// <param name="MlpRows">Rows that went through an MLP.</param>
/// <param name="PlannedAttentionRows">The same, as the plan had predicted.</param>
/// <param name="PlannedMlpRows">The same, as the plan had predicted.</param>
/// <param name="LoopRows">Rows that a loop of whole forward runs would send through attention, and as many through MLPs.</param>
/// <param name="Groups">How many groups of cells went through the layers.</param>
public sealed record SweepWork(long Cells, long Skipped, long AttentionRows, long MlpRows, long PlannedAttentionRows, long PlannedMlpRows, long LoopRows, int Groups)
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Cells} cells, {Skipped} of them unchanged by construction; {AttentionRows:N0} rows through attention and {MlpRows:N0} through MLPs in {Groups} group(s), where a loop sends {LoopRows:N0} through each");
}
