namespace Fathom.Cli;

/// <summary>Thrown by a command for a failure whose exit code it knows. The message is what the user reads.</summary>
internal sealed class CommandException(int exitCode, string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>One of <see cref="Cli.ExitCode"/>.</summary>
    internal int ExitCode { get; } = exitCode;

    internal static CommandException Usage(string message) => new(Cli.ExitCode.Usage, message);

    internal static CommandException NotFound(string message) => new(Cli.ExitCode.NotFound, message);

    internal static CommandException Failure(string message) => new(Cli.ExitCode.Failure, message);
}
