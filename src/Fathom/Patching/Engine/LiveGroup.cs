using Fathom.Patching.Planning;

namespace Fathom.Patching.Engine;

/// <summary>Patches of one base run that start at the same position; their rows lie together, <c>[patches · length, d_model]</c>.</summary>
/// <param name="prompt">The base run.</param>
/// <param name="start">The position of the first row of each patch.</param>
/// <param name="length">The rows of each patch.</param>
internal sealed class LiveGroup(int prompt, int start, int length)
{
    public int Prompt => prompt;

    public int Start => start;

    public int Length => length;

    public List<PlannedPatch> Patches { get; } = [];

    public long Rows => (long)Patches.Count * length;

    /// <summary>A group of the same patches over other positions.</summary>
    public LiveGroup Over(int first, int count)
    {
        LiveGroup group = new(prompt, first, count);
        group.Patches.AddRange(Patches);
        return group;
    }
}
