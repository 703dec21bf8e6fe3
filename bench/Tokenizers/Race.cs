using System.Diagnostics;

namespace Fathom.Bench.Tokenizers;

/// <summary>Runs contestants in turn, round by round, so that a slow minute of the machine hits all of them.</summary>
internal static class Race
{
    /// <summary>Medians in seconds, after a warm-up.</summary>
    public static List<(Contestant Contestant, int Ids, double Single, double Parallel)> Run(List<Contestant> contestants, string[] documents, int rounds)
    {
        var single = contestants.ToDictionary(contestant => contestant, _ => new List<double>());
        var parallel = contestants.ToDictionary(contestant => contestant, _ => new List<double>());
        var ids = contestants.ToDictionary(contestant => contestant, _ => 0);
        // Methods are compiled in steps while they run, so each warms up for a second and a half.
        foreach (var contestant in contestants)
        {
            for (var clock = Stopwatch.StartNew(); clock.Elapsed.TotalSeconds < 1.5;)
            {
                ids[contestant] = documents.Sum(contestant.Count);
            }
        }

        for (var round = -1; round < rounds; round++)
        {
            foreach (var contestant in contestants)
            {
                var clock = Stopwatch.StartNew();
                ids[contestant] = documents.Sum(contestant.Count);
                var one = clock.Elapsed.TotalSeconds;
                clock.Restart();
                Parallel.ForEach(documents, document => contestant.Count(document));
                if (round >= 0)
                {
                    single[contestant].Add(one);
                    parallel[contestant].Add(clock.Elapsed.TotalSeconds);
                }
            }
        }

        return [.. contestants.Select(contestant => (contestant, ids[contestant], Median(single[contestant]), Median(parallel[contestant])))];
    }

    private static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }
}
