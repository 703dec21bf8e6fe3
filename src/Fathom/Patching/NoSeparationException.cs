using System.Globalization;

namespace Fathom.Patching;

/// <summary>Thrown when a normalised value is asked for although the metric is the same on the clean and on the corrupted run, so that there is nothing to divide by.</summary>
public sealed class NoSeparationException : InvalidOperationException
{
    internal NoSeparationException(int pair, string metric, double clean, double corrupted)
        : base(string.Create(CultureInfo.InvariantCulture, $"Pair {pair} is not separated by {metric}: {clean:0.######} on the clean run and {corrupted:0.######} on the corrupted one, so '0 = corrupted, 1 = clean' has no meaning. Take the plain metric, another metric, or prompts that differ."))
    {
        Pair = pair;
        Clean = clean;
        Corrupted = corrupted;
    }

    /// <summary>The index of the pair.</summary>
    public int Pair { get; }

    /// <summary>The metric of the clean run.</summary>
    public double Clean { get; }

    /// <summary>The metric of the corrupted run.</summary>
    public double Corrupted { get; }
}
