namespace Fathom.Patching;

/// <summary>Random numbers whose seed is derived from a label, so that a result does not depend on what else was drawn.</summary>
/// <remarks>SplitMix64 (Steele et al. 2014) over an FNV-1a hash of the label.</remarks>
internal sealed class LabelSeed
{
    private ulong _state;

    private LabelSeed(ulong state) => _state = state;

    public static LabelSeed Of(int seed, string label)
    {
        var hash = 14695981039346656037UL ^ (uint)seed;
        foreach (var c in label)
        {
            hash = (hash ^ c) * 1099511628211UL;
        }

        return new(hash);
    }

    public ulong Next()
    {
        var z = _state += 0x9E3779B97F4A7C15UL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }

    /// <summary>A number below <paramref name="bound"/>.</summary>
    public int Below(int bound) => (int)(Next() % (ulong)bound);
}
