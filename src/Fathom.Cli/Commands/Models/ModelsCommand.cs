namespace Fathom.Cli.Commands.Models;

/// <summary>The models: which there are, which are here.</summary>
internal sealed class ModelsCommand : CliCommand
{
    internal override string Name => "models";

    internal override string Summary => "List, show, download, save and remove models; set the default";

    internal override IReadOnlyList<CliCommand> Children { get; } =
    [
        new ModelsListCommand(), new ModelsShowCommand(), new ModelsSearchCommand(), new ModelsPullCommand(), new ModelsPathCommand(), new ModelsSaveCommand(), new ModelsRemoveCommand(), new ModelsDefaultCommand(),
    ];
}
