using System.CommandLine;
using Fathom.Hub;

namespace Fathom.Cli.Commands.Models;

/// <summary>Prints the folder in which a model's files lie.</summary>
internal sealed class ModelsPathCommand : CliCommand
{
    private readonly Argument<string> _model = ModelArgument.Create();
    private readonly Option<string?> _revision = ModelArgument.Revision();

    internal override string Name => "path";

    internal override string Summary => "Print the folder of a model that is on this machine";

    internal override IReadOnlyList<string> Examples => ["fathom models path gpt2", "ls -L $(fathom models path gpt2)"];

    internal override void Define(Command command)
    {
        command.Arguments.Add(_model);
        command.Options.Add(_revision);
    }

    internal override int Run(Invocation run)
    {
        var cache = new HubCache(HubOptions.FromEnvironment(run.Terminal.Variable).CacheFolder);
        var snapshot = cache.Find(run.Value(_model)!, run.Value(_revision));
        if (run.Json)
        {
            SnapshotJson.Write(run, snapshot);
            return ExitCode.Success;
        }

        run.Terminal.Output.WriteLine(snapshot.Folder);
        return ExitCode.Success;
    }
}
