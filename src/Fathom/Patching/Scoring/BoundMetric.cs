using Fathom.Models;

namespace Fathom.Patching.Scoring;

/// <summary>A metric whose answers are token ids, for the examples of one sweep.</summary>
internal sealed class BoundMetric
{
    private readonly IReadOnlyList<int[]> _into;
    private readonly IReadOnlyList<int[]> _columns;

    private BoundMetric(Metric metric, IReadOnlyList<int[]> into, IReadOnlyList<int[]> columns) => (Metric, _into, _columns) = (metric, into, columns);

    public Metric Metric { get; }

    /// <summary>Whether only the logits of the last position are read.</summary>
    public bool LastOnly => Metric.Kind is not (MetricKind.Loss or MetricKind.Custom);

    /// <summary>Whether only the answers' columns of the unembedding are read.</summary>
    public bool ColumnsOnly => Metric.Kind is MetricKind.LogitDifference or MetricKind.Logit;

    /// <summary>Whether the clean run's logits are needed to score a run.</summary>
    public bool ReadsClean => Metric.Kind is MetricKind.KullbackLeibler;

    public static BoundMetric Of(Metric metric, StackedModel model, IReadOnlyList<int[]> into)
    {
        if (metric.Kind == MetricKind.Custom && metric.Function is null)
        {
            throw new SweepInputException($"The metric '{metric.Name}' is a function of the caller's, and a file does not hold it. Give it again: sweep with {{ Metric = Metric.Of(...) }}.");
        }

        var groups = new[] { ("answers", metric.Answers), ("distractors", metric.Distractors) };
        List<List<int>> columns = [.. into.Select(_ => new List<int>())];
        foreach (var (what, choices) in groups.Where(g => g.Item2.Count > 0))
        {
            if (choices.Count != 1 && choices.Count != into.Count)
            {
                throw new SweepInputException($"The metric '{metric.Name}' has {choices.Count} {what} and the sweep {into.Count} examples. Give one for all, or one per example.");
            }

            var ids = choices.Select(c => TokenOf(model, c)).ToList();
            for (var i = 0; i < into.Count; i++)
            {
                columns[i].Add(ids[choices.Count == 1 ? 0 : i]);
            }
        }

        if (metric.Kind == MetricKind.Loss && into.Any(t => t.Length < 2))
        {
            throw new SweepInputException("The loss of a prompt of one token is not defined: nothing is predicted. Take longer prompts or another metric.");
        }

        return new(metric, into, [.. columns.Select(c => c.ToArray())]);
    }

    /// <summary>The token ids whose columns an example's score reads, answer first.</summary>
    public int[] Columns(int example) => _columns[example];

    /// <summary>Scores runs.</summary>
    /// <param name="logits"><c>[n, positions, columns]</c>: the last position or all; the example's columns if <see cref="ColumnsOnly"/>, else the vocabulary.</param>
    /// <param name="example">The example the runs belong to.</param>
    /// <param name="clean">Log-probabilities of the clean run's last position, <c>[d_vocab]</c>, where <see cref="ReadsClean"/>.</param>
    public double[] Score(Tensor logits, int example, Tensor? clean)
    {
        using var scope = torch.NewDisposeScope();
        if (Metric.Function is { } function)
        {
            return [.. Enumerable.Range(0, (int)logits.shape[0]).Select(i => function(logits.select(0, i)))];
        }

        var wide = logits.to(torch.float64);
        var columns = _columns[example];
        var score = Metric.Kind switch
        {
            MetricKind.LogitDifference => wide.select(2, 0).sub(wide.select(2, 1)),
            MetricKind.Logit => wide.select(2, 0),
            MetricKind.Probability => wide.log_softmax(-1).select(2, columns[0]).exp(),
            MetricKind.LogProbability => wide.log_softmax(-1).select(2, columns[0]),
            MetricKind.KullbackLeibler => Divergence(clean!.to(torch.float64), wide.log_softmax(-1)),
            MetricKind.Loss => Loss(wide, _into[example]),
            var other => throw new ArgumentOutOfRangeException(nameof(logits), other, $"No score for {other}."),
        };
        return score.reshape(-1).contiguous().data<double>().ToArray();
    }

    private static Tensor Divergence(Tensor clean, Tensor patched) => clean.exp().mul(clean.sub(patched)).sum([-1L]);

    private static Tensor Loss(Tensor logits, int[] tokens)
    {
        var length = tokens.Length;
        var next = torch.tensor([.. tokens.Skip(1).Select(t => (long)t)], torch.int64).view(1, length - 1, 1).expand(logits.shape[0], length - 1, 1);
        return logits.narrow(1, 0, length - 1).log_softmax(-1).gather(2, next).neg().mean([1L, 2L]);
    }

    private static int TokenOf(StackedModel model, TokenChoice choice)
    {
        var id = choice.Id ?? PromptTokens.Single(model, choice.Text!);
        return id >= 0 && id < model.Config.DVocab
            ? id
            : throw new SweepInputException($"The answer {choice} is outside the vocabulary of {model.Config.DVocab} rows (0 to {model.Config.DVocab - 1}).");
    }
}
