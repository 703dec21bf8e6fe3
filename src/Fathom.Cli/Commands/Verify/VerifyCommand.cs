namespace Fathom.Cli.Commands.Verify;

/// <summary>Comparisons with what reference implementations gave.</summary>
internal sealed class VerifyCommand : CliCommand
{
    internal override string Name => "verify";

    internal override string Summary => "Compare a model, tokenizer or sweep with a reference; exit 1 if they differ";

    internal override IReadOnlyList<CliCommand> Children { get; } = [new VerifyModelCommand(), new VerifyTokenizerCommand(), new VerifySweepCommand()];
}
