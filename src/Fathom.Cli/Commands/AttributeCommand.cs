using System.CommandLine;
using Fathom.Activations;
using Fathom.Attribution;
using Fathom.Models;
using Fathom.Plots;
using Fathom.Tensors;
using TorchSharp;

namespace Fathom.Cli.Commands;

/// <summary>Says what each part of the model adds to an answer's logit.</summary>
internal sealed class AttributeCommand : CliCommand
{
    private readonly PromptOptions _prompt = new();
    private readonly Option<string> _answer = new("--answer") { Description = "The answer, one token, usually with its leading space", HelpName = "TOKEN", Required = true };
    private readonly Option<string?> _against = new("--against") { Description = "The token whose logit is subtracted", HelpName = "TOKEN" };
    private readonly Option<string> _by = SharedOptions.Choice("--by", "The parts", "component", "component", "head");
    private readonly FigureOutputs _out = new("--save");
    private readonly ModelOptions _model = new();

    internal override string Name => "attribute";

    internal override string Summary => "What each component or head adds to an answer's logit";

    internal override string Details => "Direct logit attribution at the last position: each part's share of the residual stream, through the final norm as this run scaled it, onto the answer (or onto the answer less another token). Parts and offset sum to the logit, before a bound on logits where the model has one.";

    internal override IReadOnlyList<string> Examples =>
    [
        "fathom attribute \"Her name was Alex Hart. When Alex\" --answer \" Hart\" --against \" Carroll\"",
        "fathom attribute \"Her name was Alex Hart. When Alex\" --answer \" Hart\" --by head --save heads.html",
    ];

    internal override void Define(Command command)
    {
        _prompt.AddTo(command);
        command.Options.Add(_answer);
        command.Options.Add(_against);
        command.Options.Add(_by);
        _out.AddTo(command);
        _model.AddTo(command);
    }

    internal override int Run(Invocation run)
    {
        var prompt = _prompt.Text(run);
        _out.Check(run);
        using var model = _model.Load(run);
        using var scope = torch.NewDisposeScope();
        var answer = model.ToSingleToken(run.Value(_answer)!);
        int? against = run.Value(_against) is { } other ? model.ToSingleToken(other) : null;
        using var batch = ((ModelInput)prompt).Resolve(model, _prompt.PrependBos(run));
        using var cached = model.RunWithCache(batch.Ids);
        var cache = cached.Cache;
        using var stack = run.Value(_by) == "head" ? cache.StackHeadResults(inclRemainder: true, positions: ^1) : cache.DecomposeResid(positions: ^1);
        using var rows = cache.LogitAttrs(stack, answer, against);
        var values = rows.Values.to(torch.float64).cpu().reshape(-1).data<double>().ToArray();
        var offset = cache.LogitOffset(answer, against);
        var logits = cached.Logits[0, -1];
        var logit = logits[answer].to(torch.float64).item<double>() - (against is { } wrong ? logits[wrong].to(torch.float64).item<double>() : 0);
        var what = $"logit of '{run.Value(_answer)}'{(against is null ? "" : $" less that of '{run.Value(_against)}'")}";
        _out.Save(run, Draw(rows.Labels, values, $"What adds to the {what}"));
        if (run.Json)
        {
            run.WriteJson("fathom.attribute/1", json =>
            {
                ModelOptions.WriteProvenance(json, run, model);
                json.WriteString("prompt", prompt);
                json.WriteString("answer", run.Value(_answer));
                json.WriteString("against", run.Value(_against));
                json.WriteString("by", run.Value(_by));
                json.WriteArray("parts", rows.Labels.Zip(values), part =>
                {
                    json.WriteStartObject();
                    json.WriteString("name", part.First);
                    json.WriteReal("attribution", part.Second);
                    json.WriteEndObject();
                });
                json.WriteReal("offset", offset);
                json.WriteReal("sum", values.Sum() + offset);
                json.WriteReal("logit", logit);
            });
            return ExitCode.Success;
        }

        var table = new TextTable("part", "attribution");
        foreach (var (label, value) in rows.Labels.Zip(values))
        {
            table.Add(label, value);
        }

        run.Write(table);
        run.Note(FormattableString.Invariant($"{model.Source.Name}: parts {values.Sum():0.0000} + offset {offset:0.0000} = {values.Sum() + offset:0.0000}; the {what} is {logit:0.0000} nats."));
        return ExitCode.Success;
    }

    /// <summary>Layers by heads where every layer has as many; otherwise a bar for each part.</summary>
    private static Figure Draw(IReadOnlyList<string> labels, double[] values, string title)
    {
        const string Unit = "Attribution (nats)";
        var layers = labels.Zip(values).Where(p => p.First.StartsWith('L')).GroupBy(p => p.First.Split('H')[0]).ToList();
        if (layers.Count > 0 && layers.All(l => l.Count() == layers[0].Count()))
        {
            return new HeatMap
            {
                Title = title,
                Values = Grid.FromRows(layers.Select(l => l.Select(p => p.Second))),
                RowLabels = [.. layers.Select(l => l.Key)],
                ColumnLabels = TokenLabels.Numbered("H", layers[0].Count()),
                RowTitle = "Layer",
                ColumnTitle = "Head",
                ValueTitle = Unit,
            };
        }

        return new BarChart { Title = title, Series = [new("", [.. values])], Categories = [.. labels], XTitle = "Part", YTitle = Unit, ColorBySign = true };
    }
}
