using System.CommandLine;
using Fathom.Hub;

namespace Fathom.Cli.Commands.Models;

/// <summary>Shows or sets the model that commands use when nobody names one.</summary>
internal sealed class ModelsDefaultCommand : CliCommand
{
    private readonly Argument<string?> _model = new("MODEL") { Description = "The model to use from now on; without it, the present one is shown", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<bool> _clear = new("--clear") { Description = $"Go back to {UserSettings.BuiltInModel}" };

    internal override string Name => "default";

    internal override string Summary => "Show or set the model that commands use when none is named";

    internal override IReadOnlyList<string> Examples => ["fathom models default", "fathom models default pythia-70m", "fathom models default --clear"];

    internal override void Define(Command command)
    {
        _model.CompletionSources.Add(_ => ModelArgument.Names());
        command.Arguments.Add(_model);
        command.Options.Add(_clear);
    }

    internal override int Run(Invocation run)
    {
        var settings = UserSettings.Of(run.Terminal);
        var asked = run.Value(_model);
        if (run.Value(_clear))
        {
            if (asked is not null)
            {
                throw CommandException.Usage("--clear goes without a model. Give one or the other.");
            }

            settings.SetModel(null);
        }
        else if (asked is not null)
        {
            // A folder is kept by its full path, so that it means the same from everywhere.
            var name = Directory.Exists(asked) ? Path.GetFullPath(asked) : asked == UserSettings.BuiltInModel ? asked : ModelNames.Resolve(asked).Asked;
            settings.SetModel(name);
        }

        var (model, origin) = UserSettings.ModelFor(null, run.Terminal);
        if (run.Json)
        {
            run.WriteJson("fathom.models.default/1", json =>
            {
                json.WriteString("model", model);
                json.WriteString("origin", origin);
            });
            return ExitCode.Success;
        }

        var table = new TextTable("model", "origin");
        table.Add(model, origin);
        run.Write(table);
        return ExitCode.Success;
    }
}
