using System.CommandLine;
using System.Text.Json;
using Fathom.Hub;
using Fathom.Loading;
using Fathom.Models;
using Fathom.Tensors;
using TorchSharp;

namespace Fathom.Cli;

/// <summary>The options that say which model a command runs, and how it is held.</summary>
internal sealed class ModelOptions
{
    private readonly Option<string?> _model = SharedOptions.Model();
    private readonly Option<string?> _revision = new("--revision") { Description = "Branch, tag or commit of a Hugging Face model [main]", HelpName = "REVISION" };
    private readonly Option<string> _dtype = NumberType.Option("--dtype", "Type of weights and arithmetic, whatever the file's");
    private readonly Option<string> _device = new("--device") { Description = "Where it runs: cpu, cuda, cuda:1, mps [cpu]", HelpName = "DEVICE", DefaultValueFactory = _ => "cpu" };
    private readonly Option<string> _processing;

    internal ModelOptions(string processing = "default") =>
        _processing = SharedOptions.Choice("--processing", "Weights as the field reads them (norms folded, centred), or as in the file", processing, "default", "none");

    internal void AddTo(Command command)
    {
        _model.CompletionSources.Add(_ => Commands.Models.ModelArgument.Names());
        command.Options.Add(_model);
        command.Options.Add(_revision);
        command.Options.Add(_dtype);
        command.Options.Add(_device);
        command.Options.Add(_processing);
    }

    /// <summary>Loads a decoder.</summary>
    /// <param name="run">The run whose options say which.</param>
    /// <param name="named">A model that an argument names instead.</param>
    /// <returns>The model, which the caller disposes.</returns>
    /// <exception cref="CommandException">The model is of another kind.</exception>
    internal HookedTransformer Load(Invocation run, string? named = null)
    {
        var model = LoadAny(run, named);
        if (model is HookedTransformer decoder)
        {
            return decoder;
        }

        using (model)
        {
            throw NoDecoder(model);
        }
    }

    /// <summary>What to say about a model that is no decoder where one is needed.</summary>
    internal static CommandException NoDecoder(HookedModel model) =>
        CommandException.Failure($"{model.Source.Name} is no decoder but a {model.GetType().Name}, and this command needs what a decoder says next. 'fathom predict' fills masked tokens of encoders, 'fathom generate' answers with encoder-decoders; cache, verify model and models show take every kind.");

    /// <summary>Loads a model of any kind.</summary>
    /// <param name="run">The run whose options say which.</param>
    /// <param name="named">A model that an argument names instead.</param>
    /// <returns>The model, which the caller disposes.</returns>
    internal HookedModel LoadAny(Invocation run, string? named = null)
    {
        var (name, _) = UserSettings.ModelFor(named ?? run.Value(_model), run.Terminal);
        run.Progress($"Loading {name} ...");
        var options = new LoadOptions
        {
            Processing = run.Value(_processing) == "none" ? Processing.None : Processing.Default,
            Revision = run.Value(_revision),
            Device = run.Value(_device)!,
            Hub = HubOptions.FromEnvironment(run.Terminal.Variable),
            Progress = new LoadProgress(run.Progress),
            DType = NumberType.Parse(run.Value(_dtype)!),
        };
        var (model, report) = PretrainedModel.Load(name, options);
        run.Progress("");
        run.NoteAtEnd(report.Notes);
        return model;
    }

    /// <summary>Writes <c>model</c> and <c>provenance</c>: what somebody needs to get the same numbers again.</summary>
    internal static void WriteProvenance(Utf8JsonWriter json, Invocation run, HookedModel model)
    {
        var policy = ComputePolicy.Current;
        json.WriteString("model", model.Source.Name);
        json.WriteStartObject("provenance");
        json.WriteString("command", run.CommandLine);
        json.WriteString("revision", model.Source.Revision);
        json.WriteString("processing", model.Source.Processing);
        json.WriteString("dtype", model.DType.ToString().ToLowerInvariant());
        json.WriteString("device", model.Device.ToString());
        json.WriteNumber("threads", policy.Threads);
        json.WriteString("matmul", policy.Matmul.ToString());
        json.WriteEndObject();
    }

    private sealed class LoadProgress(Action<string> draw) : IProgress<string>
    {
        void IProgress<string>.Report(string value) => draw(value);
    }
}
