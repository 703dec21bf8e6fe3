using System.CommandLine;
using Fathom.Models;

namespace Fathom.Cli.Commands;

/// <summary>Continues a prompt.</summary>
internal sealed class GenerateCommand : CliCommand
{
    private readonly PromptOptions _prompt = new();
    private readonly Option<int> _count = SharedOptions.Integer("--max-new-tokens", "The most new tokens", 20, 1, 1_000_000);
    private readonly Option<double> _temperature = SharedOptions.Real("--temperature", "Draw tokens at this temperature; 0 takes the most probable", 0, 0);
    private readonly Option<int> _topK = SharedOptions.Integer("--top-k", "Draw from this many most probable tokens; 0 is all", 0, 0);
    private readonly Option<double> _topP = SharedOptions.Real("--top-p", "Draw from this much probability, most probable first", 1, 1e-9, 1);
    private readonly Option<double> _minP = SharedOptions.Real("--min-p", "Draw no token below this part of the largest probability", 0, 0, 1);
    private readonly Option<double> _penalty = SharedOptions.Real("--repetition-penalty", "Make seen tokens less probable; 1 is off", 1, 1e-9);
    private readonly Option<int> _seed = SharedOptions.Integer("--seed", "The seed of the draws", 0, 0);
    private readonly Option<int> _samples = SharedOptions.Integer("--samples", "How many continuations", 1, 1, 1000);
    private readonly Option<string[]> _stop = new("--stop") { Description = "End at this text; may be repeated", HelpName = "TEXT" };
    private readonly Option<bool> _noCache = new("--no-cache") { Description = "Run the whole sequence at every step; the tokens are the same" };
    private readonly ModelOptions _model = new();

    internal override string Name => "generate";

    internal override string Summary => "Continue a prompt, greedily or by drawing";

    internal override IReadOnlyList<string> Examples =>
    [
        "fathom generate \"Her name was Alex Hart. When\"",
        "fathom generate \"Once upon a time\" -m gpt2-small --temperature 0.8 --top-p 0.9 --samples 3 --seed 7",
    ];

    internal override void Define(Command command)
    {
        _prompt.AddTo(command);
        foreach (Option option in new Option[] { _count, _temperature, _topK, _topP, _minP, _penalty, _seed, _samples, _stop, _noCache })
        {
            command.Options.Add(option);
        }

        _model.AddTo(command);
    }

    internal override int Run(Invocation run)
    {
        var prompt = _prompt.Text(run);
        var options = Options(run);
        using var model = _model.LoadAny(run);
        if (model is HookedTransformer streams && run.Terminal.OutputIsTerminal && !run.Json && run.Value(_samples) == 1)
        {
            Stream(run, streams, prompt, options);
            return ExitCode.Success;
        }

        var prompts = Enumerable.Repeat(prompt, run.Value(_samples)).ToArray();
        var generation = model switch
        {
            HookedTransformer decoder => decoder.Generate(prompts, options),
            HookedEncoderDecoder two => two.Generate(prompts, options),
            _ => throw ModelOptions.NoDecoder(model),
        };
        if (run.Json)
        {
            WriteJson(run, model, prompt, generation);
            return ExitCode.Success;
        }

        foreach (var text in generation.Texts)
        {
            run.Terminal.Output.WriteLine(text);
        }

        return ExitCode.Success;
    }

    private GenerationOptions Options(Invocation run)
    {
        var temperature = run.Value(_temperature);
        var draws = temperature > 0;
        var idle = new Option[] { _topK, _topP, _minP, _seed }.FirstOrDefault(option => !draws && run.Given(option));
        if (idle is not null)
        {
            throw CommandException.Usage($"{idle.Name} does nothing without a temperature: the most probable token is taken. Add --temperature 1, or leave it out.");
        }

        return new()
        {
            MaxNewTokens = run.Value(_count),
            DoSample = draws,
            Temperature = draws ? temperature : 1,
            TopK = run.Value(_topK) is > 0 and var k ? k : null,
            TopP = run.Value(_topP) is < 1 and var p ? p : null,
            MinP = run.Value(_minP) is > 0 and var m ? m : null,
            RepetitionPenalty = run.Value(_penalty),
            Seed = run.Value(_seed),
            StopStrings = run.Value(_stop) ?? [],
            UseCache = !run.Value(_noCache),
            PrependBos = _prompt.PrependBos(run),
        };
    }

    private static void Stream(Invocation run, HookedTransformer model, string prompt, GenerationOptions options)
    {
        run.Terminal.Output.Write(run.Terminal.Dim(prompt));
        foreach (var text in model.GenerateText(prompt, options))
        {
            run.Cancellation.ThrowIfCancellationRequested();
            run.Terminal.Output.Write(text);
        }

        run.Terminal.Output.WriteLine();
    }

    private static void WriteJson(Invocation run, HookedModel model, string prompt, Generation generation) => run.WriteJson("fathom.generate/1", json =>
    {
        ModelOptions.WriteProvenance(json, run, model);
        json.WriteString("prompt", prompt);
        json.WriteArray("prompt_ids", generation.PromptIds[0], json.WriteNumberValue);
        json.WriteArray("samples", generation.NewIds.Zip(generation.Texts), sample =>
        {
            json.WriteStartObject();
            json.WriteArray("new_ids", sample.First, json.WriteNumberValue);
            json.WriteArray("new_tokens", sample.First, id => json.WriteStringValue(model.ToSingleStrToken(id)));
            json.WriteString("text", sample.Second);
            json.WriteEndObject();
        });
    });
}
