using System.Globalization;

namespace Fathom.Patching;

/// <summary>Thrown when a sweep does not fit its memory budget even one cell at a time.</summary>
public sealed class MemoryBudgetException : InvalidOperationException
{
    internal MemoryBudgetException(long budget, long needed)
        : base(string.Create(CultureInfo.InvariantCulture, $"The sweep may take {budget / 1048576.0:0.#} MiB beside the model and needs at least {needed / 1048576.0:0.#} MiB for its base runs and one cell. Give it more memory, sweep fewer layers or examples at once, or shorten the prompts."))
    {
        Budget = budget;
        Needed = needed;
    }

    /// <summary>What it may take, in bytes.</summary>
    public long Budget { get; }

    /// <summary>The least it needs, in bytes.</summary>
    public long Needed { get; }
}
