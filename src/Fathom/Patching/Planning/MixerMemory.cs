using Fathom.Components;
using Fathom.Configuration;
using Fathom.Hooks;
using Fathom.Models;

namespace Fathom.Patching.Planning;

/// <summary>What mixers hold while they run, in numbers. Everything that a block makes lives until the block is done.</summary>
internal static class MixerMemory
{
    /// <summary>The most bytes that one tensor of a segment's scores or states takes; larger groups are cut into several segments.</summary>
    public const long MostBytes = 48L << 20;

    /// <summary>Tensors of the size of a segment's scores that live together.</summary>
    private const int Together = 4;

    /// <summary>How many sequences of a group mix together.</summary>
    /// <param name="model">The model.</param>
    /// <param name="rows">The rows of each sequence.</param>
    /// <param name="keys">The length of the run.</param>
    /// <param name="states">Whether every state of a scan is shown.</param>
    public static int SequencesTogether(StackedModel model, long rows, long keys, bool states) =>
        (int)Math.Clamp(MostBytes / Math.Max(1, 4 * model.Config.Blocks.Max(b => PerSequence(b.Mixer, rows, keys, states))), 1, int.MaxValue);

    /// <summary>Whether a point shows the state of a scan at every position, so that all of them are held together.</summary>
    public static bool ShowsStates(HookPoint point) => point.ShortName == "mixer.hook_ssm_state";

    /// <summary>Numbers for each row: what the mixer projects, and what comes of it.</summary>
    public static long PerRow(MixerConfig mixer, long d) => mixer switch
    {
        AttentionConfig a => ((long)a.NHeads * (a.DHead + (2 * a.DHeadV))) + ((long)a.NKeyValueHeads * (a.DHead + a.DHeadV)) + (a.Latent is { } latent ? (2L * latent.KeyValueRank) + (2L * (latent.QueryRank ?? 0)) + ((long)a.NHeads * (a.DHead + a.DHeadV)) : 0),
        SelectiveScanConfig s => ((long)s.DInner * (14 + s.Kernel)) + (6L * s.DState) + (3L * s.DDt),
        StateSpaceDualConfig s => ((long)s.NHeads * s.DHead * (14 + s.Kernel)) + ((long)s.NGroups * s.DState * 2 * (6 + s.Kernel)),
        GatedDeltaNetConfig g => ((long)g.NKeyHeads * g.DKey * 2 * (8 + g.Kernel)) + ((long)g.NHeads * g.DKey * 6) + ((long)g.NHeads * g.DValue * (14 + g.Kernel)),
        LinearRecurrenceConfig r => (long)r.DInner * (26 + r.Kernel),
        ShortConvolutionConfig c => (long)c.DInner * (8 + c.Kernel),
        _ => 6 * d,
    };

    /// <summary>The most bytes that scores or states take beside, for groups of so many rows.</summary>
    public static long Mixing(StackedModel model, long rows, long length, bool states)
    {
        if (length == 0)
        {
            return 0;
        }

        var sequence = 4 * model.Config.Blocks.Max(b => PerSequence(b.Mixer, length, length, states));
        return Together * Math.Max(sequence, Math.Min(MostBytes, sequence * rows / length));
    }

    /// <summary>Numbers for each sequence of a segment, as if <see cref="Together"/> tensors of them lived together.</summary>
    private static long PerSequence(MixerConfig mixer, long rows, long keys, bool states) => mixer switch
    {
        AttentionConfig a => a.NHeads * rows * keys,
        SelectiveScanConfig s when states => 2 * rows * s.DInner * s.DState,
        // States go in pieces of a size of their own, eight tensors together; where a single step of a batch is more, the batch decides.
        SelectiveScanConfig s => Math.Max(3L * s.DInner * s.DState, Math.Min(2 * SelectiveScan.MostHeld, 2 * rows * s.DInner * s.DState)),
        StateSpaceDualConfig s => 2 * s.NHeads * ((Stretch(rows) * Stretch(rows)) + (2L * s.DHead * s.DState)),
        GatedDeltaNetConfig g => 4 * g.NHeads * ((Stretch(rows) * Stretch(rows)) + (2L * g.DKey * g.DValue)),
        _ => rows,
    };

    /// <summary>Recurrences of heads run in stretches of so many positions.</summary>
    private static long Stretch(long rows) => Math.Min(rows, 64);
}
