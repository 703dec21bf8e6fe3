using System.CommandLine;

namespace Fathom.Cli.Commands.Notebook;

/// <summary>Runs the founding notebook and writes its report.</summary>
internal sealed class NotebookCommand : CliCommand
{
    private readonly Option<string> _out = new("--out", "-o") { Description = "The report [notebook.html]", HelpName = "FILE", DefaultValueFactory = _ => "notebook.html" };
    private readonly Option<bool> _open = new("--open") { Description = "Open the report in the browser" };
    private readonly ModelOptions _model = new();

    internal override string Name => "notebook";

    internal override string Summary => "The founding experiment, start to end, as one HTML report";

    internal override string Details => "Asks a model whose surname comes next, looks at every activation, changes one, and patches the residual stream and the attention heads place by place. Everything is computed now; the report is one HTML file that needs nothing else. The built-in model takes a few seconds and no download.";

    internal override IReadOnlyList<string> Examples => ["fathom notebook", "fathom notebook --open", "fathom notebook -m gpt2-small -o gpt2.html"];

    internal override void Define(Command command)
    {
        command.Options.Add(_out);
        command.Options.Add(_open);
        _model.AddTo(command);
    }

    internal override int Run(Invocation run)
    {
        var file = run.Value(_out)!;
        if (!file.EndsWith(".html", StringComparison.OrdinalIgnoreCase))
        {
            throw CommandException.Usage($"--out {file} must end in .html: the report is a page.");
        }

        AtomicFile.CheckWritable(file);
        using var model = _model.Load(run);
        var report = new FoundingNotebook(model, run).Compute();
        AtomicFile.Produce(file, draft => report.Save(draft));
        var full = Path.GetFullPath(file);
        if (run.Json)
        {
            run.WriteJson("fathom.notebook/1", json =>
            {
                ModelOptions.WriteProvenance(json, run, model);
                json.WriteString("report", full);
            });
        }
        else
        {
            run.Terminal.Output.WriteLine(run.Terminal.OutputIsTerminal ? $"The report is {full}" : full);
        }

        if (run.Value(_open))
        {
            report.Show(run.Terminal.Error);
        }

        return ExitCode.Success;
    }
}
