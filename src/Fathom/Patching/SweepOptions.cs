namespace Fathom.Patching;

/// <summary>How a sweep is run. It changes how fast and how well proved a result is, not what it means.</summary>
public sealed record SweepOptions
{
    /// <summary>A value of <see cref="CheckCells"/>: every cell.</summary>
    public const int AllCells = int.MaxValue;

    /// <summary>The engine, with a sample of cells checked.</summary>
    public static SweepOptions Default { get; } = new();

    /// <summary>How cells are computed.</summary>
    public SweepPath Path { get; init; } = SweepPath.Engine;

    /// <summary>The memory that the run may take beside the model, in bytes; <see langword="null"/> for half of what is free.</summary>
    public long? MemoryBudget { get; init; }

    /// <summary>How many cells of each sweep are computed a second time by whole forward runs; 0 for none, <see cref="AllCells"/> for every one.</summary>
    public int CheckCells { get; init; } = 2;

    /// <summary>The seed of the sample that is checked.</summary>
    public int Seed { get; init; }

    /// <summary>The type that cells are computed in.</summary>
    public SweepPrecision Precision { get; init; } = SweepPrecision.Model;

    /// <summary>Told after each group of cells.</summary>
    public IProgress<SweepProgress>? Progress { get; init; }

    /// <summary>Stops the run between groups of cells.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>A file that finished groups are written to. A run that finds one of the same experiment goes on from there, and gives the same bytes as an uninterrupted run; the file is deleted at the end.</summary>
    public string? ResumeFile { get; init; }

    /// <summary>From how many rows spared on patches of a block's input go their own way through its attention: below, reading its weights a second time costs more than it saves.</summary>
    internal long RowsWorthSparing { get; init; } = 256;
}
