namespace Fathom.Plots.Svg;

/// <summary>Where on a plot a text may still stand without lying over another.</summary>
internal sealed class FreePlaces
{
    private readonly List<(double Left, double Top, double Right, double Bottom)> taken = [];

    /// <summary>Takes a rectangle, whatever is there.</summary>
    public void Take(double left, double top, double width, double height) => taken.Add((left, top, left + width, top + height));

    /// <summary>Takes a rectangle if nothing is there yet.</summary>
    public bool TryTake(double left, double top, double width, double height)
    {
        if (taken.Exists(t => left < t.Right && left + width > t.Left && top < t.Bottom && top + height > t.Top))
        {
            return false;
        }

        Take(left, top, width, height);
        return true;
    }
}
