using System.CommandLine;
using Fathom.Models;

namespace Fathom.Cli.Commands;

/// <summary>Ranks answers to a prompt.</summary>
internal sealed class TestPromptCommand : CliCommand
{
    private readonly Argument<string> _prompt = new("PROMPT") { Description = "The text before the answer" };
    private readonly Argument<string[]> _answers = new("ANSWER") { Description = "One or more answers; a space is put in front unless there is one", Arity = ArgumentArity.OneOrMore };
    private readonly Option<bool> _asIs = new("--no-space") { Description = "Put no space in front of the answers" };
    private readonly Option<string> _bos = SharedOptions.Choice("--bos", "Beginning-of-sequence token in front", "auto", "auto", "yes", "no");
    private readonly Option<int> _top = SharedOptions.Integer("--top", "How many candidates beside the answer", 10, 0, 100_000);
    private readonly ModelOptions _model = new();

    internal override string Name => "test-prompt";

    internal override string Summary => "Rank, logit and probability of answers to a prompt";

    internal override string Details => "Ranks answers to a prompt. An answer of several tokens is judged token by token, each given the ones before it. Rank 0 is the most probable token.";

    internal override IReadOnlyList<string> Examples =>
    [
        "fathom test-prompt \"Her name was Alex Hart. When Alex\" \" Hart\" \" Carroll\"",
        "fathom test-prompt \"The capital of France is\" Paris -m gpt2-small --json",
    ];

    internal override void Define(Command command)
    {
        command.Arguments.Add(_prompt);
        command.Arguments.Add(_answers);
        command.Options.Add(_asIs);
        command.Options.Add(_bos);
        command.Options.Add(_top);
        _model.AddTo(command);
    }

    internal override int Run(Invocation run)
    {
        var prompt = PromptOptions.Filled(run.Value(_prompt)!, "PROMPT");
        var answers = run.Value(_answers)!.Select(answer => PromptOptions.Filled(answer, "ANSWER")).ToList();
        using var model = _model.Load(run);
        bool? bos = run.Value(_bos) switch { "yes" => true, "no" => false, _ => null };
        var test = model.TestPrompt(prompt, answers, !run.Value(_asIs), bos, run.Value(_top));
        if (run.Json)
        {
            WriteJson(run, model, prompt, test);
            return ExitCode.Success;
        }

        run.Prose(run.Terminal.Dim(PromptOptions.Shown(test.PromptTokens)));
        var table = new TextTable("answer", "place", "kind", "rank", "token", "id", "logit", "probability");
        foreach (var answer in test.Answers)
        {
            foreach (var (place, (token, top)) in answer.Tokens.Zip(answer.Top).Index())
            {
                Add(run, table, answer, place, "answer", token);
                foreach (var candidate in top)
                {
                    Add(run, table, answer, place, "top", candidate);
                }
            }
        }

        run.Write(table);
        return ExitCode.Success;
    }

    private static void Add(Invocation run, TextTable table, AnswerTest answer, int place, string kind, RankedToken token) =>
        table.Add(PredictCommand.Shown(run, answer.Answer), place, kind, token.Rank, PredictCommand.Shown(run, token.Text), token.Id, token.Logit, token.Probability);

    private static void WriteJson(Invocation run, HookedTransformer model, string prompt, PromptTest test) => run.WriteJson("fathom.test_prompt/1", json =>
    {
        ModelOptions.WriteProvenance(json, run, model);
        json.WriteString("prompt", prompt);
        json.WriteArray("tokens", test.PromptTokens, json.WriteStringValue);
        json.WriteArray("answers", test.Answers, answer =>
        {
            json.WriteStartObject();
            json.WriteString("answer", answer.Answer);
            json.WriteArray("tokens", answer.Tokens.Zip(answer.Top), pair =>
            {
                json.WriteStartObject();
                json.WritePropertyName("answer");
                RankedTokenJson.Write(json, pair.First);
                json.WriteArray("top", pair.Second, candidate => RankedTokenJson.Write(json, candidate));
                json.WriteEndObject();
            });
            json.WriteEndObject();
        });
    });
}
