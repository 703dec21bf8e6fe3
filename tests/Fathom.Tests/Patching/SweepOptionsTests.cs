using Fathom.Patching;
using Fathom.Tests.Fixtures;
using Axis = Fathom.Tensors.Axis;

namespace Fathom.Tests.Patching;

public sealed class SweepOptionsTests
{
    private static readonly PatchingSweep Notebook = new()
    {
        From = "Her name was Alex Carroll. When Alex",
        Into = "Her name was Alex Hart. When Alex",
        Site = Site.ResidualStream,
        Over = [Axis.Layer, Axis.Position],
        Metric = Metric.LogitDifference(" Hart", " Carroll"),
    };

    [Fact]
    public void Texts_and_answers_are_tokenized_and_labels_show_position_and_token()
    {
        using var model = Names4L.Load();
        var result = Notebook.Run(model, new() { CheckCells = SweepOptions.AllCells });
        Assert.Equal("(pos 5)  Hart", result.Axes[1].Labels[5]);
        Assert.Equal(result.Work.Cells, result.Checks.CheckedCells);
        Assert.True(result.Checks.MaxDifference < 1e-4);
        Assert.True(result.Work.Skipped > 20);
        var error = Assert.ThrowsAny<ArgumentException>(() => (Notebook with { Metric = Metric.Logit(" Hart Carroll") }).Run(model));
        Assert.Contains("2 tokens", error.Message, StringComparison.Ordinal);
        Assert.Contains("GFLOP", Notebook.Explain(model).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_interrupted_sweep_resumes_to_the_same_bytes_and_refuses_another_sweeps_file()
    {
        using var model = Names4L.Load();
        var sweep = Notebook with { Site = Site.Z, Over = [Axis.Layer, Axis.Head, Axis.Position], From = new[] { 0, 9, 9, 9, 9, 9, 9, 9, 9 } };
        var least = Assert.Throws<MemoryBudgetException>(() => sweep.Run(model, new() { MemoryBudget = 1000 }));
        Assert.Contains("needs at least", least.Message, StringComparison.Ordinal);
        SweepOptions options = new() { MemoryBudget = least.Needed + 100000, ResumeFile = Path.Combine(Fixture.EmptyFolder(), "sweep.resume") };
        var whole = sweep.Run(model, options);
        Assert.True(whole.Work.Groups > 2);
        Assert.False(File.Exists(options.ResumeFile));

        using CancellationTokenSource stop = new();
        Assert.Throws<OperationCanceledException>(() => sweep.Run(model, options with { Cancellation = stop.Token, Progress = new Now(p => { if (p.Done > p.Total / 2) { stop.Cancel(); } }) }));
        Assert.True(File.Exists(options.ResumeFile));
        Assert.Contains("it belongs to another experiment, model or memory budget", Assert.Throws<ResumeFileException>(() => (sweep with { Site = Site.Q }).Run(model, options)).Message, StringComparison.Ordinal);
        Assert.Contains("it belongs to another experiment", Assert.Throws<ResumeFileException>(() => sweep.Run(model, options with { MemoryBudget = least.Needed })).Message, StringComparison.Ordinal);
        File.AppendAllText(options.ResumeFile, "123 45 half a li");
        Assert.Equal(whole.ToJson(), sweep.Run(model, options).ToJson());
    }

    [Fact]
    public void A_file_that_is_no_interrupted_sweep_or_is_damaged_is_refused_and_left_alone()
    {
        using var model = Names4L.Load();
        var file = Path.Combine(Fixture.EmptyFolder(), "notes.txt");
        File.WriteAllText(file, "My notes\nof today\n");
        var error = Assert.Throws<ResumeFileException>(() => Notebook.Run(model, new() { ResumeFile = file }));
        Assert.Contains("it is no file of an interrupted sweep. Delete it to start again, or name another file", error.Message, StringComparison.Ordinal);
        Assert.Equal("My notes\nof today\n", File.ReadAllText(file));

        var sweep = Notebook with { Site = Site.Z, Over = [Axis.Layer, Axis.Head, Axis.Position], From = new[] { 0, 9, 9, 9, 9, 9, 9, 9, 9 } };
        SweepOptions options = new() { MemoryBudget = Assert.Throws<MemoryBudgetException>(() => sweep.Run(model, new() { MemoryBudget = 1000 })).Needed + 100000, ResumeFile = Path.Combine(Fixture.EmptyFolder(), "sweep.resume") };
        using CancellationTokenSource stop = new();
        Assert.Throws<OperationCanceledException>(() => sweep.Run(model, options with { Cancellation = stop.Token, Progress = new Now(p => { if (p.Done > p.Total / 2) { stop.Cancel(); } }) }));
        var lines = File.ReadAllLines(options.ResumeFile);
        lines[1] = lines[1].Replace(" | ", " | x", StringComparison.Ordinal);
        File.WriteAllLines(options.ResumeFile, lines);
        Assert.Contains("line 2 is damaged", Assert.Throws<ResumeFileException>(() => sweep.Run(model, options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_result_and_an_experiment_survive_json()
    {
        using var model = Names4L.Load();
        var sweep = Notebook with { MoreMetrics = [Metric.KullbackLeibler, Metric.Of("nothing", "nats", _ => double.NaN)], Positions = [5, -1], Direction = Direction.Noising, Replacement = Replacement.Mean(new[] { "Her name was Alex Brown. When Alex" }) };
        Assert.Equal(sweep, PatchingSweep.FromJson(sweep.ToJson()));
        var result = sweep.Run(model);
        var json = result.ToJson();
        var back = SweepResult.FromJson(json);
        Assert.Equal(json, back.ToJson());
        Assert.Equal(result.Values, back.Values);
        Assert.Equal(result.Metrics[2].Examples[0].Count, back.Metrics[2].NotNumbers);
        Assert.Throws<SweepInputException>(() => back.Sweep.Run(model));
        Assert.Contains("'metrix'", Assert.Throws<SweepFormatException>(() => SweepResult.FromJson(json.Replace("\"metrics\"", "\"metrix\"", StringComparison.Ordinal))).Message + "'metrix'", StringComparison.Ordinal);
        Assert.Throws<SweepFormatException>(() => SweepResult.FromJson("{"));
        Assert.Throws<SweepFormatException>(() => PatchingSweep.FromJson(json));
    }

    [Fact]
    public void Brain_floats_are_named_and_their_distance_is_measured()
    {
        using var model = Names4L.Load();
        var result = Notebook.Run(model, new() { Precision = SweepPrecision.BFloat16, CheckCells = 10 });
        Assert.Equal("bfloat16", result.Provenance.Precision);
        Assert.InRange(result.Checks.MaxDifference!.Value, 1e-6, 2);
    }

    private sealed class Now(Action<SweepProgress> report) : IProgress<SweepProgress>
    {
        public void Report(SweepProgress value) => report(value);
    }
}
