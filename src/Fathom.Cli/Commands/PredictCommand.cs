using System.CommandLine;
using Fathom.Models;
using Fathom.Tensors;
using TorchSharp;

namespace Fathom.Cli.Commands;

/// <summary>Asks a model for the next token.</summary>
internal sealed class PredictCommand : CliCommand
{
    private readonly PromptOptions _prompt = new();
    private readonly ModelOptions _model = new();
    private readonly Option<int> _top = SharedOptions.Integer("--top", "How many candidates", 10, 1, 100_000);

    internal override string Name => "predict";

    internal override string Summary => "The most probable next tokens after a prompt, or in place of an encoder's [MASK]";

    internal override IReadOnlyList<string> Examples =>
    [
        "fathom predict \"Famous computer scientist Alan\"",
        "fathom predict \"The capital of France is\" -m gpt2-small --top 5 --json",
        "cat prompt.txt | fathom predict",
        "fathom predict \"The [MASK] is bright today.\" -m bert-base-cased",
    ];

    internal override void Define(Command command)
    {
        _prompt.AddTo(command);
        command.Options.Add(_top);
        _model.AddTo(command);
    }

    internal override int Run(Invocation run)
    {
        var prompt = _prompt.Text(run);
        using var any = _model.LoadAny(run);
        if (any is HookedEncoder encoder)
        {
            return MaskedTokens.Write(run, encoder, prompt, run.Value(_top));
        }

        var model = any as HookedTransformer ?? throw CommandException.Failure($"{any.Source.Name} is a {any.GetType().Name}, whose next token depends on a second text; this command takes decoders and encoders.");
        using var scope = torch.NewDisposeScope();
        using var batch = ((ModelInput)prompt).Resolve(model, _prompt.PrependBos(run));
        var logits = model.Forward(batch.Ids);
        var tokens = PromptOptions.TokensOf(model, batch);
        var losses = Losses(logits, batch.Ids);
        var top = new NextTokens(model, logits[0, -1]).Top(run.Value(_top));
        if (run.Json)
        {
            run.WriteJson("fathom.predict/1", json =>
            {
                ModelOptions.WriteProvenance(json, run, model);
                json.WriteString("prompt", prompt);
                json.WriteArray("tokens", tokens.Select((token, i) => (token, i)), item =>
                {
                    json.WriteStartObject();
                    json.WriteNumber("id", item.token.Id);
                    json.WriteString("text", item.token.Text);
                    json.WriteReal("loss", item.i == 0 ? double.NaN : losses[item.i - 1]);
                    json.WriteEndObject();
                });
                json.WriteArray("top", top, candidate => RankedTokenJson.Write(json, candidate));
            });
            return ExitCode.Success;
        }

        run.Prose(run.Terminal.Dim(PromptOptions.Shown(tokens.Select(token => token.Text))));
        var table = new TextTable("rank", "token", "id", "logit", "probability");
        foreach (var candidate in top)
        {
            table.Add(candidate.Rank, Shown(run, candidate.Text), candidate.Id, candidate.Logit, candidate.Probability);
        }

        run.Write(table);
        run.Note(losses.Length == 0
            ? $"{model.Source.Name}: 1 token."
            : FormattableString.Invariant($"{model.Source.Name}: {tokens.Count} tokens, mean loss of the prompt {losses.Average():0.000} nats."));
        return ExitCode.Success;
    }

    /// <summary>A token for the table: blanks visible for people, as it is for programs.</summary>
    internal static string Shown(Invocation run, string token) => run.Terminal.OutputIsTerminal ? Fathom.Plots.TokenLabels.Visible(token) : token;

    // The loss of every token but the first, given the ones before it, in nats.
    private static float[] Losses(torch.Tensor logits, torch.Tensor ids)
    {
        var length = ids.shape[1] - 1;
        if (length == 0)
        {
            return [];
        }

        var predicted = logits.narrow(1, 0, length).log_softmax(-1);
        return predicted.gather(-1, ids.narrow(1, 1, length).unsqueeze(-1)).neg().reshape(-1).ToFloats();
    }
}
