using System.CommandLine;
using Fathom.Loading.Checkpoints;
using Fathom.Models;
using Fathom.Verification;

namespace Fathom.Cli.Commands.Verify;

/// <summary>Compares a model with a reference dump.</summary>
internal sealed class VerifyModelCommand : CliCommand
{
    private readonly Argument<string> _folder = new("MODEL") { Description = "Folder, .gguf file, name, alias or Hugging Face id" };
    private readonly Option<string> _reference = new("--reference") { Description = "A .safetensors or .npz file with input_ids and what to compare, or a folder of goldens", HelpName = "PATH", Required = true };
    private readonly Option<double> _tolerance = SharedOptions.Real("--tolerance", "The largest difference that passes; 0.001 for a folder", ReferenceNoise.Usual, 0);
    private readonly ModelOptions _model = new(processing: "none");

    internal override string Name => "model";

    internal override string Summary => "Compare logits and activations with a dump in safetensors";

    internal override string Details => "Runs the model on the dump's input_ids (and attention_mask, token_type_ids) and compares everything in the dump: logits, loss, any activation by its hook name, "
        + "the names resid_pre.0, resid_mid.0, resid_post.0, attn_out.0, mlp_out.0, attentions.0, z.0, hidden_states.0, resid_final, ln_final, and generated ids. An encoder-decoder also takes decoder_input_ids, and its names begin with encoder. or decoder. (encoder.resid_pre.0, decoder.cross_out.0) or are cross_attentions.0, encoder_hidden_states.0 and the like. Several runs share a file by prefixes (left_padded.input_ids, left_padded.logits). A name that is not understood fails the comparison. Where a golden.json beside the dump tells of the reference's own noise, ten times that passes if it is more than the usual tolerance. "
        + "A folder holds goldens of one model: logits and losses of prompts, its activations, greedy continuations, ids of texts (docs/formats.md).";

    internal override IReadOnlyList<string> Examples =>
    [
        "fathom verify model ./my-model --reference golden.safetensors",
        "fathom verify model ./smollm2/model.gguf --reference ./smollm2/golden",
        "fathom verify model gpt2-small --reference acts.safetensors --processing default --tolerance 1e-3",
    ];

    internal override void Define(Command command)
    {
        command.Arguments.Add(_folder);
        command.Options.Add(_reference);
        command.Options.Add(_tolerance);
        _model.AddTo(command);
    }

    internal override int Run(Invocation run)
    {
        var file = run.Value(_reference)!;
        var isFolder = Directory.Exists(file);
        using var reference = isFolder ? null : Opened(file);
        var tolerance = run.Given(_tolerance) ? run.Value(_tolerance) : isFolder ? ReferenceNoise.UsualOfFolder : ReferenceNoise.Tolerance(file, run);
        using var model = _model.LoadAny(run, run.Value(_folder));
        var report = (model, reference) switch
        {
            (HookedTransformer decoder, null) => GoldenFolder.Compare(decoder, file, tolerance),
            (StackedModel stack, { } dump) => ModelVerification.Compare(stack, dump, tolerance),
            (HookedEncoderDecoder two, { } dump) => ModelVerification.Compare(two, dump, tolerance),
            _ => throw CommandException.Failure($"{run.Value(_folder)} is a {model.GetType().Name}, which this command does not compare{(isFolder ? " with a folder; give a file" : "")}."),
        };
        run.NoteAtEnd(report.Notes);
        if (run.Json)
        {
            run.WriteJson("fathom.verify_model/1", json =>
            {
                ModelOptions.WriteProvenance(json, run, model);
                json.WriteString("reference", file);
                json.WriteNumber("tolerance", tolerance);
                json.WriteBoolean("passed", report.Passed);
                json.WriteArray("unknown", report.Unknown, json.WriteStringValue);
                json.WriteArray("notes", report.Notes, json.WriteStringValue);
                json.WriteArray("tensors", report.Tensors, tensor =>
                {
                    json.WriteStartObject();
                    json.WriteString("name", tensor.Name);
                    json.WriteString("against", tensor.Against);
                    json.WriteNumber("count", tensor.Count);
                    json.WriteReal("max_difference", tensor.MaxDifference);
                    json.WriteNumber("tolerance", tensor.Tolerance);
                    json.WriteBoolean("passed", tensor.Passed);
                    json.WriteEndObject();
                });
            });
        }
        else
        {
            WriteTable(run, report);
        }

        if (!report.Passed)
        {
            ErrorReport.Print($"{run.Value(_folder)} does not agree with {file}: {report}.", run.Terminal);
            return ExitCode.Failure;
        }

        run.Note($"{report}.");
        return ExitCode.Success;
    }

    private static Checkpoint Opened(string file)
    {
        var reference = InputFile.Open(file, Checkpoint.Open);
        if (reference.Tensors.Keys.Any(name => name == "input_ids" || name.EndsWith(".input_ids", StringComparison.Ordinal)))
        {
            return reference;
        }

        using (reference)
        {
            throw CommandException.Failure($"{file} has no input_ids, so nobody knows what the model was given. It holds {string.Join(", ", reference.Tensors.Keys.Take(5))}{(reference.Tensors.Count > 5 ? ", ..." : "")}. Add input_ids ([batch, pos], int64) to the dump, or give the folder it lies in if it is one of goldens.");
        }
    }

    private static void WriteTable(Invocation run, VerificationReport report)
    {
        var table = new TextTable("name", "compared with", "values", "max difference", "verdict");
        foreach (var tensor in report.Tensors)
        {
            table.Add(tensor.Name, tensor.Against, tensor.Count, tensor.MaxDifference, tensor.Against == "input" ? "input" : tensor.Passed ? "ok" : "DIFFERS");
        }

        foreach (var name in report.Unknown)
        {
            table.Add(name, "nothing this model has", null, null, "UNKNOWN");
        }

        run.Write(table);
    }
}
