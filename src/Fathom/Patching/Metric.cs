using Fathom.Models;
using Fathom.Patching.Scoring;

namespace Fathom.Patching;

/// <summary>Reduces the logits of one example to one number.</summary>
/// <remarks>Ready-made metrics say what they read, so that a sweep computes just that: the answers' columns of the unembedding, at the last position.</remarks>
public sealed record Metric
{
    private Metric(MetricKind kind, string name, string unit) => (Kind, Name, Unit) = (kind, name, unit);

    /// <summary>What is measured.</summary>
    public MetricKind Kind { get; }

    /// <summary>What the number is, e.g. <c>logit(' Hart') - logit(' Carroll')</c>.</summary>
    public string Name { get; }

    /// <summary>The unit: <c>nats</c>, <c>probability</c>, <c>fraction</c>.</summary>
    public string Unit { get; private init; }

    /// <summary>Whether values are rescaled so that 0 is the corrupted run's and 1 the clean run's.</summary>
    public bool IsNormalised { get; private init; }

    /// <summary>The answers: one for all examples, or one per example. Empty where the metric has none.</summary>
    public IReadOnlyList<TokenChoice> Answers { get; private init; } = [];

    /// <summary>The distractors: one for all examples, or one per example. Empty where the metric has none.</summary>
    public IReadOnlyList<TokenChoice> Distractors { get; private init; } = [];

    /// <summary>The caller's function; <see langword="null"/> for ready-made metrics and for results read from a file.</summary>
    internal Func<Tensor, double>? Function { get; init; }

    /// <summary>The last-position logit of <paramref name="answer"/> minus that of <paramref name="distractor"/>, in nats.</summary>
    public static Metric LogitDifference(TokenChoice answer, TokenChoice distractor) => LogitDifference([answer], [distractor]);

    /// <summary>The last-position logit of each example's answer minus that of its distractor, in nats.</summary>
    /// <param name="answers">One answer per example.</param>
    /// <param name="distractors">One distractor per example.</param>
    public static Metric LogitDifference(IReadOnlyList<TokenChoice> answers, IReadOnlyList<TokenChoice> distractors) =>
        new(MetricKind.LogitDifference, $"logit({Words(answers)}) - logit({(distractors.Distinct().Count() == 1 ? Words(distractors) : "distractor")})", "nats") { Answers = [.. answers], Distractors = [.. distractors] };

    /// <summary>The last-position logit of the answer, in nats.</summary>
    public static Metric Logit(params IReadOnlyList<TokenChoice> answers) => new(MetricKind.Logit, $"logit({Words(answers)})", "nats") { Answers = [.. answers] };

    /// <summary>The last-position probability of the answer.</summary>
    public static Metric Probability(params IReadOnlyList<TokenChoice> answers) => new(MetricKind.Probability, $"p({Words(answers)})", "probability") { Answers = [.. answers] };

    /// <summary>The last-position log-probability of the answer, in nats.</summary>
    public static Metric LogProbability(params IReadOnlyList<TokenChoice> answers) => new(MetricKind.LogProbability, $"log p({Words(answers)})", "nats") { Answers = [.. answers] };

    /// <summary>The Kullback-Leibler divergence <c>KL(clean || patched)</c> of the last position's distributions, in nats.</summary>
    public static Metric KullbackLeibler { get; } = new(MetricKind.KullbackLeibler, "KL(clean || patched)", "nats");

    /// <summary>The mean next-token loss over the prompt patched into, in nats.</summary>
    public static Metric Loss { get; } = new(MetricKind.Loss, "loss", "nats");

    /// <summary>Any function of the logits of one example.</summary>
    /// <param name="name">What the number is.</param>
    /// <param name="unit">Its unit.</param>
    /// <param name="function">Maps logits <c>[pos, d_vocab]</c> to a number. It is called once per cell and example.</param>
    public static Metric Of(string name, string unit, Func<Tensor, double> function)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(function);
        return new(MetricKind.Custom, name, unit) { Function = function };
    }

    /// <summary>The same metric, rescaled for each example: 0 is the corrupted run's value and 1 the clean run's.</summary>
    /// <remarks>A pair whose two runs have the same value has no such form: the sweep then fails with <see cref="NoSeparationException"/>.</remarks>
    public Metric Normalised() => this with { IsNormalised = true, Unit = "fraction" };

    /// <inheritdoc/>
    public bool Equals(Metric? other) => other is not null && Kind == other.Kind && Name == other.Name && Unit == other.Unit && IsNormalised == other.IsNormalised
        && Answers.SequenceEqual(other.Answers) && Distractors.SequenceEqual(other.Distractors);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Kind, Name, IsNormalised);

    /// <inheritdoc/>
    public override string ToString() => IsNormalised ? $"{Name}, 0 = corrupted, 1 = clean" : Name;

    /// <summary>A metric read from a file.</summary>
    internal static Metric Restore(MetricKind kind, string name, string unit, bool normalised, IReadOnlyList<TokenChoice> answers, IReadOnlyList<TokenChoice> distractors) =>
        new(kind, name, unit) { IsNormalised = normalised, Answers = answers, Distractors = distractors };

    /// <summary>What a pair of patches does to the metric beyond what each does alone.</summary>
    internal Metric Interaction() => new(MetricKind.Custom, $"interaction in {(IsNormalised ? "recovery of " : "")}{Name}", Unit);

    /// <summary>Resolves answers against a model and its examples.</summary>
    internal BoundMetric Bind(StackedModel model, IReadOnlyList<int[]> into) => BoundMetric.Of(this, model, into);

    /// <summary>The same metric with answers as ids.</summary>
    internal Metric WithIds(Func<string, int> idOf)
    {
        IReadOnlyList<TokenChoice> Ids(IReadOnlyList<TokenChoice> choices) => [.. choices.Select(c => (TokenChoice)(c.Id ?? idOf(c.Text!)))];
        return this with { Answers = Ids(Answers), Distractors = Ids(Distractors) };
    }

    private static string Words(IReadOnlyList<TokenChoice> choices)
    {
        ArgumentNullException.ThrowIfNull(choices);
        return choices.Distinct().Count() == 1 ? choices[0].ToString() : "answer";
    }
}
