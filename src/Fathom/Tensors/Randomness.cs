using System.Text;

namespace Fathom.Tensors;

/// <summary>Random numbers that are the same on every machine and version: SplitMix64 from a seed that may be derived from labels.</summary>
/// <remarks>Source: Steele, Lea and Flood 2014, "Fast splittable pseudorandom number generators" (OOPSLA).</remarks>
public sealed class Randomness
{
    private ulong _state;

    /// <summary>Starts from a seed.</summary>
    /// <param name="seed">Any number.</param>
    public Randomness(long seed) => _state = unchecked((ulong)seed);

    /// <summary>Derives a seed from a base seed and labels, so that parts of an experiment draw independently and reproducibly.</summary>
    /// <param name="seed">The base seed.</param>
    /// <param name="labels">What the draw is for.</param>
    public static long Seed(long seed, params ReadOnlySpan<string> labels)
    {
        var hash = 14695981039346656037UL ^ unchecked((ulong)seed);
        foreach (var label in labels)
        {
            foreach (var b in Encoding.UTF8.GetBytes(label))
            {
                hash = unchecked((hash ^ b) * 1099511628211UL);
            }

            hash = unchecked((hash ^ 0xFF) * 1099511628211UL);
        }

        return unchecked((long)hash);
    }

    /// <summary>Draws 64 random bits.</summary>
    public ulong NextBits()
    {
        unchecked
        {
            var z = _state += 0x9E3779B97F4A7C15UL;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
            return z ^ (z >> 31);
        }
    }

    /// <summary>Draws a number in <c>[0, 1)</c>.</summary>
    public double NextDouble() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Draws a whole number in <c>[0, bound)</c>.</summary>
    /// <param name="bound">The exclusive upper bound, at least 1.</param>
    public int NextInt(int bound) => (int)(NextDouble() * bound);
}
