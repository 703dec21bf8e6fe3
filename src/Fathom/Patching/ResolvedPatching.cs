using Fathom.Hooks;
using Fathom.Models;

namespace Fathom.Patching;

/// <summary>A patching sweep on one model.</summary>
internal sealed class ResolvedPatching : ResolvedSweep
{
    private readonly PlaceSet _places;
    private readonly (int First, int Second, bool Live)? _exchange;

    public ResolvedPatching(PatchingSweep sweep, StackedModel model)
        : base(sweep, model)
    {
        _places = sweep.Over.Count > 0
            ? new(this, sweep.Places)
            : throw new SweepInputException("Over names the axes of the result, such as [Axis.Layer, Axis.Position]; found none.");
        if (sweep.Replacement is ExchangeReplacement exchange)
        {
            _exchange = Positions(exchange);
        }
    }

    public override IReadOnlyList<SweepAxis> Axes => _places.Axes;

    public override IReadOnlyList<HookPoint> Points => _places.Points;

    public override IReadOnlyList<Edit> EditsOf(int cell, ExampleRun run)
    {
        var edits = _places.EditsAt(IndicesOf(cell), run.Donor);
        if (_exchange is not var (first, second, live))
        {
            return edits;
        }

        // At one point the run being patched still has the recorded values.
        live &= edits.Select(e => e.Point).Distinct().Count() > 1;
        return [.. edits.SelectMany(e => new[] { e.Moved(first, second, live), e.Moved(second, first, live) })];
    }

    private (int First, int Second, bool Live) Positions(ExchangeReplacement exchange)
    {
        var any = _places.EditsAt(new int[Axes.Count], Donor.Zero)[0];
        if (!any.HasPositions || any.Position >= 0)
        {
            throw new SweepInputException($"An exchange of positions {exchange.First} and {exchange.Second} at {any.Point} needs a site with positions, and says itself which are patched. {(any.HasPositions ? "Leave positions out of Over and Positions." : "Take another site.")}");
        }

        if (Into.Select(t => t.Length).Distinct().Count() != 1)
        {
            throw new SweepInputException("Positions of prompts of different lengths do not correspond to each other. Exchange positions in prompts of one length.");
        }

        var (first, second) = (Indices.Resolve(exchange.First, Into[0].Length, "pos"), Indices.Resolve(exchange.Second, Into[0].Length, "pos"));
        if (first == second)
        {
            throw new SweepInputException($"An exchange needs two positions; found {exchange.First} and {exchange.Second}, which are the same.");
        }

        return !exchange.Live || From.Zip(Into).All(p => p.First.AsSpan().SequenceEqual(p.Second))
            ? (first, second, exchange.Live)
            : throw new SweepInputException("A live exchange takes the values of the run being patched, so From and Into must be the same prompts. Leave 'live' out to take the values of From.");
    }
}
