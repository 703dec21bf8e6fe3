using System.Diagnostics;
using Fathom.Loading.Checkpoints;

namespace Fathom.Tests.Loading.Checkpoints;

/// <summary>Feeds mutants to a reader: it must accept or throw the one documented exception, quickly and without large allocations.</summary>
internal static class MutationRun
{
    // Generous: the machine may be busy with other tests. A hang is what this finds.
    private const int Milliseconds = 5_000;

    /// <summary>Runs as many mutations as the environment asks for.</summary>
    /// <param name="seeds">Valid files, taken in turn.</param>
    /// <param name="read">Opens and reads everything; must dispose what it opens.</param>
    /// <param name="share">Divides the number of mutations, for larger files.</param>
    /// <returns>How many mutants were accepted.</returns>
    public static int Run(IReadOnlyList<byte[]> seeds, Action<byte[]> read, int share = 1)
    {
        int accepted = 0, total = Mutator.Count / share;
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < total; i++)
        {
            var mutant = Mutator.Mutate(seeds[i % seeds.Count], i);
            long allocated = GC.GetAllocatedBytesForCurrentThread(), started = clock.ElapsedMilliseconds;
            try
            {
                read(mutant);
                accepted++;
            }
            catch (InvalidCheckpointException e)
            {
                Assert.NotEmpty(e.Problem);
            }
            catch (Exception e)
            {
                Assert.Fail($"mutation {i} of {seeds[i % seeds.Count].Length} bytes: {e}");
            }

            // The 16 MiB is for tables, buffers and messages; nothing may grow with what a header merely claims.
            allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
            Assert.True(allocated <= (8L * mutant.Length) + (16 << 20), $"mutation {i} allocated {allocated} bytes for a file of {mutant.Length}.");
            Assert.True(clock.ElapsedMilliseconds - started < Milliseconds, $"mutation {i} took {clock.ElapsedMilliseconds - started} ms.");
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{total} mutations, {accepted} accepted, {clock.Elapsed.TotalSeconds:F1} s");
        return accepted;
    }
}
