using System.CommandLine;
using Fathom.Hub;
using Fathom.Tokenization.Verification;

namespace Fathom.Cli.Commands.Verify;

/// <summary>Compares a tokenizer with what the reference implementation gave.</summary>
internal sealed class VerifyTokenizerCommand : CliCommand
{
    private readonly Argument<string> _model = new("MODEL") { Description = "Folder, name, alias or Hugging Face id" };
    private readonly Option<string> _golden = new("--golden") { Description = "A .jsonl or .bin file (or .gz) of expected tokens: docs/tokenizers.md", HelpName = "FILE", Required = true };

    internal override string Name => "tokenizer";

    internal override string Summary => "Compare a tokenizer with a golden file";

    internal override IReadOnlyList<string> Examples => ["fathom verify tokenizer ./my-model --golden golden.jsonl.gz"];

    internal override void Define(Command command)
    {
        command.Arguments.Add(_model);
        command.Options.Add(_golden);
    }

    internal override int Run(Invocation run)
    {
        var golden = run.Value(_golden)!;
        var folder = TokenizerSource.Folder(run.Value(_model)!, run.Terminal);
        var report = InputFile.Open(golden, file => TokenizerVerification.Run(folder, file));
        if (run.Json)
        {
            run.WriteJson("fathom.verify_tokenizer/1", json =>
            {
                json.WriteString("model", run.Value(_model));
                json.WriteString("golden", golden);
                json.WriteBoolean("passed", report.Agrees);
                json.WriteNumber("cases", report.Cases);
                json.WriteNumber("mismatches", report.Mismatches);
                json.WriteArray("first", report.First, json.WriteStringValue);
            });
        }
        else
        {
            var table = new TextTable("golden file", "cases", "differ", "verdict");
            table.Add(golden, report.Cases, report.Mismatches, report.Agrees ? "ok" : "DIFFERS");
            run.Write(table);
            foreach (var difference in report.First)
            {
                run.Note(difference.ReplaceLineEndings(" "));
            }
        }

        if (!report.Agrees)
        {
            ErrorReport.Print(report.Cases == 0
                ? $"{golden} holds no cases, so nothing was compared."
                : $"{report.Mismatches} of {report.Cases} cases of {golden} differ from this tokenizer; the first {report.First.Count} are listed above (with --json too).", run.Terminal);
            return ExitCode.Failure;
        }

        return ExitCode.Success;
    }
}
