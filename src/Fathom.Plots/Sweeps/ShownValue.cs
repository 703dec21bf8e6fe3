namespace Fathom.Plots.Sweeps;

/// <summary>What the colours of a sweep's figure stand for. The numbers in the result are the same for all.</summary>
public enum ShownValue
{
    /// <summary>How far a patch moves the metric from the unpatched run: 0, the white middle, is a patch that changes nothing.</summary>
    Change,

    /// <summary>The metric rescaled so that 0 is the corrupted run and 1 the clean one; the white middle is the unpatched run. It needs pairs whose two runs the metric tells apart.</summary>
    Recovery,

    /// <summary>The metric itself, white at 0.</summary>
    Value,
}
