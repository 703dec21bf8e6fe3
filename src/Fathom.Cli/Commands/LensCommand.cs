using System.CommandLine;
using Fathom.Activations;
using Fathom.Attribution;
using Fathom.Models;
using Fathom.Plots;
using Fathom.Tensors;
using TorchSharp;

namespace Fathom.Cli.Commands;

/// <summary>Reads every layer's residual stream as if it were the last.</summary>
internal sealed class LensCommand : CliCommand
{
    private readonly PromptOptions _prompt = new();
    private readonly Option<int> _top = SharedOptions.Integer("--top", "How many candidates at each place", 1, 1, 100);
    private readonly Option<bool> _mid = new("--mid") { Description = "Also read the stream between attention and MLP" };
    private readonly FigureOutputs _out = new("--save");
    private readonly ModelOptions _model = new();

    internal override string Name => "lens";

    internal override string Summary => "What each layer would predict at each position (logit lens)";

    internal override string Details => "Puts the residual stream of every layer through the final norm and the unembedding, as if no layer followed. Rows are 0_pre (what layer 0 reads), 1_pre, ... and final_post, which is what the model says.";

    internal override IReadOnlyList<string> Examples =>
    [
        "fathom lens \"Famous computer scientist Alan\"",
        "fathom lens \"The capital of France is\" -m gpt2-small --top 3 --save lens.html",
    ];

    internal override void Define(Command command)
    {
        _prompt.AddTo(command);
        command.Options.Add(_top);
        command.Options.Add(_mid);
        _out.AddTo(command);
        _model.AddTo(command);
    }

    internal override int Run(Invocation run)
    {
        var prompt = _prompt.Text(run);
        _out.Check(run);
        using var model = _model.Load(run);
        using var scope = torch.NewDisposeScope();
        using var batch = ((ModelInput)prompt).Resolve(model, _prompt.PrependBos(run));
        using var cached = model.RunWithCache(batch.Ids);
        using var lens = cached.Cache.LogitLens(run.Value(_mid));
        var tokens = PromptOptions.TokensOf(model, batch);
        List<LensCell> cells = [];
        for (var row = 0; row < lens.Count; row++)
        {
            for (var position = 0; position < tokens.Count; position++)
            {
                cells.Add(new(lens.Labels[row], position, new NextTokens(model, lens.Values[row, 0, position]).Top(run.Value(_top))));
            }
        }

        _out.Save(run, Draw(lens.Labels, tokens, cells, model));
        if (run.Json)
        {
            WriteJson(run, prompt, model, tokens, lens.Labels, cells);
            return ExitCode.Success;
        }

        var table = new TextTable("layer", "position", "after", "rank", "token", "id", "logit", "probability");
        foreach (var cell in cells)
        {
            foreach (var candidate in cell.Top)
            {
                table.Add(cell.Layer, cell.Position, PredictCommand.Shown(run, tokens[cell.Position].Text), candidate.Rank, PredictCommand.Shown(run, candidate.Text), candidate.Id, candidate.Logit, candidate.Probability);
            }
        }

        run.Write(table);
        return ExitCode.Success;
    }

    private static HeatMap Draw(IReadOnlyList<string> layers, IReadOnlyList<(int Id, string Text)> tokens, List<LensCell> cells, HookedModel model) => new()
    {
        Title = $"Logit lens of {model.Source.Name}: probability of the first candidate",
        Values = Grid.Of(layers.Count, tokens.Count, cells.Select(c => c.Top[0].Probability)),
        RowLabels = [.. layers],
        ColumnLabels = TokenLabels.WithPositions(tokens.Select(t => t.Text)),
        RowTitle = "Layer",
        ColumnTitle = "Position",
        ValueTitle = "Probability",
        HoverText = [.. cells.Select(c => string.Join(", ", c.Top.Select(t => FormattableString.Invariant($"{TokenLabels.Visible(t.Text)} {t.Probability:0.000}"))))],
        Palette = Palette.Blues,
        Minimum = 0,
        Maximum = 1,
        FirstRowAtBottom = true,
    };

    private static void WriteJson(Invocation run, string prompt, HookedModel model, IReadOnlyList<(int Id, string Text)> tokens, IReadOnlyList<string> layers, List<LensCell> cells) => run.WriteJson("fathom.lens/1", json =>
    {
        ModelOptions.WriteProvenance(json, run, model);
        json.WriteString("prompt", prompt);
        json.WriteArray("tokens", tokens, token =>
        {
            json.WriteStartObject();
            json.WriteNumber("id", token.Id);
            json.WriteString("text", token.Text);
            json.WriteEndObject();
        });
        json.WriteArray("layers", layers, json.WriteStringValue);
        json.WriteArray("cells", cells, cell =>
        {
            json.WriteStartObject();
            json.WriteString("layer", cell.Layer);
            json.WriteNumber("position", cell.Position);
            json.WriteArray("top", cell.Top, candidate => RankedTokenJson.Write(json, candidate));
            json.WriteEndObject();
        });
    });

    private sealed record LensCell(string Layer, int Position, IReadOnlyList<RankedToken> Top);
}
