namespace Fathom.Patching;

/// <summary>Choices of indices that count from either end.</summary>
internal static class Indices
{
    /// <summary>Resolves one index.</summary>
    public static int Resolve(int index, int size, string what) => index >= -size && index < size
        ? (index + size) % size
        : throw new SweepInputException($"There is no {what} {index}: it has {size} entries, 0 to {size - 1} (or -{size} to -1).");

    /// <summary>Resolves a choice, which names at least one index and none twice.</summary>
    public static int[] Resolve(IEnumerable<int> chosen, int size, string what, string choice) => Checked([.. chosen.Select(i => Resolve(i, size, what))], choice);

    /// <summary>Refuses a choice that is empty or names an index twice.</summary>
    public static int[] Checked(List<int> chosen, string choice) => chosen.Count > 0 && chosen.Distinct().Count() == chosen.Count
        ? [.. chosen]
        : throw new SweepInputException($"The choice of {choice} is {(chosen.Count == 0 ? "empty; leave it out for all" : $"[{string.Join(", ", chosen)}], which names an index twice")}.");
}
