using System.CommandLine;
using System.Text.Json;
using Fathom.Activations;
using Fathom.Hooks;
using Fathom.Models;
using TorchSharp;

namespace Fathom.Cli.Commands;

/// <summary>Runs a prompt and shows or saves what happened inside.</summary>
internal sealed class CacheCommand : CliCommand
{
    private readonly PromptOptions _prompt = new();
    private readonly Option<string[]> _names = new("--names", "-n") { Description = "Hook names, globs or short forms such as q3; may be repeated [all]", HelpName = "GLOB", AllowMultipleArgumentsPerToken = false };
    private readonly Option<string?> _out = new("--out", "-o") { Description = "Save the activations, input_ids and logits to this .safetensors or .npz file", HelpName = "FILE" };
    private readonly ModelOptions _model = new();

    internal override string Name => "cache";

    internal override string Summary => "Run a prompt; list or save its activations";

    internal override string Details => "Runs a prompt and lists every activation with its shape and statistics, or saves them as safetensors or npz: names are hook names, metadata say where they come from. 'fathom verify model' compares any model with such a file.";

    internal override IReadOnlyList<string> Examples =>
    [
        "fathom cache \"Famous computer scientist Alan\"",
        "fathom cache \"When Alex\" -n \"blocks.*.hook_resid_post\" -n \"blocks.0.attn.hook_pattern\" -o acts.safetensors",
    ];

    internal override void Define(Command command)
    {
        _prompt.AddTo(command);
        command.Options.Add(_names);
        command.Options.Add(_out);
        _model.AddTo(command);
    }

    internal override int Run(Invocation run)
    {
        var prompt = _prompt.Text(run);
        var file = run.Value(_out);
        if (file is not null)
        {
            if (!file.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase) && !file.EndsWith(".npz", StringComparison.OrdinalIgnoreCase))
            {
                throw CommandException.Usage($"--out {file} must end in .safetensors or .npz, the formats that activations are saved in.");
            }

            AtomicFile.CheckWritable(file);
        }

        using var model = _model.LoadAny(run);
        using var scope = torch.NewDisposeScope();
        var names = run.Value(_names) is { Length: > 0 } globs ? (NameFilter)globs : NameFilter.All;
        using var batch = ((ModelInput)prompt).Resolve(model, _prompt.PrependBos(run));
        using var cached = model.RunWithCache(batch.Ids, names);
        if (file is not null)
        {
            Save(run, file, prompt, model, batch, cached);
            run.Note($"{cached.Cache.Count} activations, input_ids and logits in {file}.");
        }

        if (run.Json)
        {
            WriteJson(run, prompt, model, batch, cached.Cache, file);
            return ExitCode.Success;
        }

        if (file is null)
        {
            var table = new TextTable("name", "shape", "mean", "std", "min", "max");
            foreach (var (name, activation) in cached.Cache)
            {
                var s = ActivationStatistics.Of(activation);
                table.Add(name, Shape(activation), s.Mean, s.StandardDeviation, s.Minimum, s.Maximum);
            }

            run.Write(table);
        }

        return ExitCode.Success;
    }

    private static void Save(Invocation run, string file, string prompt, HookedModel model, TokenBatch batch, CachedRun cached) => AtomicFile.Produce(file, draft => cached.Save(draft, new Dictionary<string, string>
    {
        ["command"] = run.CommandLine,
        ["prompt"] = prompt,
        ["tokens"] = $"[{string.Join(", ", PromptOptions.TokensOf(model, batch).Select(token => $"\"{JsonEncodedText.Encode(token.Text)}\""))}]",
    }));

    private static string Shape(torch.Tensor tensor) => $"[{string.Join(", ", tensor.shape)}]";

    private static void WriteJson(Invocation run, string prompt, HookedModel model, TokenBatch batch, ActivationCache cache, string? file) => run.WriteJson("fathom.cache/1", json =>
    {
        ModelOptions.WriteProvenance(json, run, model);
        json.WriteString("prompt", prompt);
        json.WriteArray("tokens", PromptOptions.TokensOf(model, batch), token =>
        {
            json.WriteStartObject();
            json.WriteNumber("id", token.Id);
            json.WriteString("text", token.Text);
            json.WriteEndObject();
        });
        json.WriteString("file", file is null ? null : Path.GetFullPath(file));
        json.WriteArray("activations", cache, pair =>
        {
            var s = ActivationStatistics.Of(pair.Value);
            json.WriteStartObject();
            json.WriteString("name", pair.Key);
            json.WriteArray("axes", model.Point(pair.Key).Axes.Names, json.WriteStringValue);
            json.WriteArray("shape", pair.Value.shape, json.WriteNumberValue);
            json.WriteReal("sum", s.Sum);
            json.WriteReal("mean", s.Mean);
            json.WriteReal("std", s.StandardDeviation);
            json.WriteReal("min", s.Minimum);
            json.WriteReal("max", s.Maximum);
            json.WriteEndObject();
        });
    });
}
