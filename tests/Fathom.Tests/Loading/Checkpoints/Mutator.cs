namespace Fathom.Tests.Loading.Checkpoints;

/// <summary>Small seeded changes to a valid file.</summary>
internal static class Mutator
{
    private static readonly byte[][] Awkward =
    [
        [0], [1], [0x7F], [0x80], [0xFF], [0, 0, 0, 0], [0xFF, 0xFF, 0xFF, 0xFF], [0, 0, 0, 0x80], [0xFF, 0xFF, 0xFF, 0x7F],
        [0, 0, 0, 0, 0, 0, 0, 0x80], [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F],
        "-"u8.ToArray(), "9"u8.ToArray(), "\""u8.ToArray(), "{"u8.ToArray(), "("u8.ToArray(), "."u8.ToArray(), "R"u8.ToArray(), "Q"u8.ToArray(),
    ];

    /// <summary>How many mutations a test makes: the number asked for by the issue in CI, a sample otherwise.</summary>
    public static int Count => Environment.GetEnvironmentVariable("CI") == "true" ? 100_000 : 3_000;

    /// <summary>A changed copy, the same for the same seed.</summary>
    public static byte[] Mutate(byte[] valid, int seed)
    {
        Random random = new(seed);
        var bytes = valid.ToList();
        for (var n = random.Next(1, 4); n > 0 && bytes.Count > 0; n--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(7))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    Overwrite(bytes, at, Awkward[random.Next(Awkward.Length)]);
                    break;
                case 3:
                    bytes.InsertRange(at, Awkward[random.Next(Awkward.Length)]);
                    break;
                case 4:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 16), bytes.Count - at));
                    break;
                case 5:
                    Overwrite(bytes, at, [.. bytes.Skip(random.Next(bytes.Count)).Take(random.Next(1, 32))]);
                    break;
                default:
                    bytes.RemoveRange(at, random.Next(8) == 0 ? bytes.Count - at : 1);
                    break;
            }
        }

        return [.. bytes];
    }

    private static void Overwrite(List<byte> bytes, int at, byte[] with)
    {
        for (var i = 0; i < with.Length && at + i < bytes.Count; i++)
        {
            bytes[at + i] = with[i];
        }
    }
}
