using Fathom.Activations;
using Fathom.Models;
using Fathom.Cli.Commands.Patching;
using Fathom.Patching;
using Fathom.Plots;
using Fathom.Plots.Sweeps;
using Fathom.Tensors;
using TorchSharp;

namespace Fathom.Cli.Commands.Notebook;

/// <summary>The founding notebook: which parts of a model make it repeat a surname. Each step is computed, printed, and added to a report.</summary>
/// <remarks>The clean prompt is always patched into; the corrupted ones are patched from (noising).</remarks>
internal sealed class FoundingNotebook(HookedTransformer model, Invocation run)
{
    private const string Question = "Famous computer scientist Alan";
    private const string Clean = "Her name was Alex Hart. When Alex";
    private const string Answer = " Hart";
    private const string Distractor = " Carroll";

    private static readonly (string Prompt, string Name)[] Corrupted =
    [
        ("Her name was Alex Carroll. When Alex", "Alex/Carroll/Alex"),
        ("Her name was Sarah Hart. When Alex", "Sarah/Hart/Alex"),
        ("Her name was Alex Hart. When Sarah", "Alex/Hart/Sarah"),
    ];

    private readonly Report _report = new("Who is Alex?", $"Activation patching on {model.Source.Name}: the founding notebook, computed by fathom {ToolVersion.Number}.");
    private readonly Metric _metric = Metric.LogitDifference(Answer, Distractor);

    /// <summary>Runs every step.</summary>
    /// <returns>The report.</returns>
    internal Report Compute()
    {
        Predict();
        Look();
        Ask();
        ChangeOne();
        PatchTheStream();
        PatchTheHeads();
        return _report;
    }

    private void Predict()
    {
        Heading("What comes next");
        Say($"The model reads \"{Question}\" and gives every token of its vocabulary a probability of being the next one.");
        var top = model.Predict(Question).Top(5);
        Table(["rank", "token", "logit", "probability"], top.Select(token => new object?[] { token.Rank, TokenLabels.Visible(token.Text), token.Logit, token.Probability }));
    }

    private void Look()
    {
        Heading("Everything that happened inside");
        using var cached = model.RunWithCache(Question);
        Say($"Between the prompt and the answer lie {cached.Cache.Count} activations, each with a name. The first block's and what follows the last:");
        using var scope = torch.NewDisposeScope();
        Table(["activation", "shape", "sum"], cached.Cache.Where(pair => model.Point(pair.Key).Layer is null or 0)
            .Select(pair => new object?[] { pair.Key, $"[{string.Join(", ", pair.Value.shape)}]", ActivationStatistics.Of(pair.Value).Sum }));
    }

    private void Ask()
    {
        Heading("A prompt and three that differ in one name");
        Say($"After \"{Clean}\" the surname should come again. In each corrupted prompt one name is another.");
        Table(["prompt", "most probable", $"p({Answer})", "rank", $"p({Distractor})", "rank of it"], Corrupted.Select(pair => pair.Prompt).Prepend(Clean).Select(prompt =>
        {
            var next = model.Predict(prompt);
            var (answer, distractor) = (next.Of(model.ToSingleToken(Answer)), next.Of(model.ToSingleToken(Distractor)));
            return new object?[] { prompt, TokenLabels.Visible(next.Top(1)[0].Text), answer.Probability, answer.Rank, distractor.Probability, distractor.Rank };
        }));
    }

    private void ChangeOne()
    {
        Heading("Changing one activation");
        var position = model.GetTokenPosition(Answer, Clean);
        var from = Corrupted[0].Prompt;
        var layers = new[] { 0, model.Config.NLayers - 2 }.Where(layer => layer >= 0).Distinct().ToList();
        Say($"A hook puts one activation of \"{from}\" into the run on \"{Clean}\": the residual stream at the surname (position {position}), leaving one block.");
        using var corrupted = model.RunWithCache(from, "blocks.*.hook_resid_post");
        List<object?[]> rows = [];
        foreach (var name in layers.Select(layer => $"blocks.{layer}.hook_resid_post"))
        {
            using var hook = model.AddHook(name, (resid, point) =>
            {
                resid[.., position] = corrupted.Cache[point.Name][.., position];
            });
            var next = model.Predict(Clean);
            rows.Add([$"{name}, position {position}", TokenLabels.Visible(next.Top(1)[0].Text), next.Of(model.ToSingleToken(Answer)).Probability, next.Of(model.ToSingleToken(Distractor)).Probability]);
        }

        Table(["changed", "most probable", $"p({Answer})", $"p({Distractor})"], rows);
    }

    private void PatchTheStream()
    {
        Heading("Method 1: the residual stream, layer by layer and position by position");
        Say($"The same change at every layer and position, measured by {_metric}: blue keeps {Answer.Trim()}, red turns to {Distractor.Trim()}.");
        foreach (var (prompt, name) in Corrupted)
        {
            Sweep($"Patching with {name}", new() { From = prompt, Into = Clean, Site = Site.ResidualStream, Over = [Axis.Layer, Axis.Position], Metric = _metric }, ShownValue.Value);
        }
    }

    private void PatchTheHeads()
    {
        Heading("Method 2: attention heads");
        var from = Corrupted[0].Prompt;
        Say($"Which heads carry it? Each head's output z, its queries, keys, values and attention pattern, patched from \"{from}\" at all positions; then z at each position.");
        foreach (var site in new[] { Site.Z, Site.Q, Site.K, Site.V, Site.Pattern })
        {
            Sweep($"{site} by layer and head", new() { From = from, Into = Clean, Site = site, Over = [Axis.Layer, Axis.Head], Metric = _metric }, onScreen: site == Site.Z);
        }

        Sweep("z by layer, head and position", new() { From = from, Into = Clean, Site = Site.Z, Over = [Axis.Layer, Axis.Head, Axis.Position], Metric = _metric }, onScreen: false);
    }

    private void Sweep(string title, PatchingSweep sweep, ShownValue show = ShownValue.Change, bool onScreen = true)
    {
        run.Cancellation.ThrowIfCancellationRequested();
        run.Progress($"{title} ...");
        var result = sweep.Run(model);
        run.Progress("");
        var figure = result.ToFigure(title, show: show);
        _report.Figure(figure);
        var moved = MostMoved.Of(result);
        if (moved.Count > 0)
        {
            _report.Table([.. moved.Headings], moved.Rows());
        }

        if (onScreen && run.Terminal.OutputIsTerminal)
        {
            run.Terminal.Output.Write(figure.ToTerminal(run.Terminal.Figures));
            if (moved.Count > 0)
            {
                run.Write(moved);
            }

            run.Terminal.Output.WriteLine();
        }
    }

    private void Heading(string text)
    {
        _report.Heading(text);
        run.Prose(run.Terminal.Bold(text));
    }

    private void Say(string text)
    {
        _report.Paragraph(text);
        run.Prose(Wrapping.Wrap(text, run.Terminal.Width));
    }

    private void Table(string[] headings, IEnumerable<object?[]> rows)
    {
        var table = new TextTable(headings);
        foreach (var row in rows)
        {
            table.Add(row);
        }

        _report.Table([.. headings], table.Rows());
        if (run.Terminal.OutputIsTerminal)
        {
            run.Write(table);
            run.Terminal.Output.WriteLine();
        }
    }
}
