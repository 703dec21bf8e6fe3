using Fathom.Hooks;
using Fathom.Models;

namespace Fathom.Patching;

/// <summary>A patching sweep on one model.</summary>
internal sealed class ResolvedPatching : ResolvedSweep
{
    private readonly PlaceSet _places;

    public ResolvedPatching(PatchingSweep sweep, HookedTransformer model)
        : base(sweep, model)
    {
        _places = sweep.Over.Count > 0
            ? new(this, sweep.Places)
            : throw new SweepInputException("Over names the axes of the result, such as [Axis.Layer, Axis.Position]; found none.");
    }

    public override IReadOnlyList<SweepAxis> Axes => _places.Axes;

    public override IReadOnlyList<HookPoint> Points => _places.Points;

    public override IReadOnlyList<Edit> EditsOf(int cell, ExampleRun run) => _places.EditsAt(IndicesOf(cell), run.Donor);
}
