using System.CommandLine;

namespace Fathom.Cli;

/// <summary>One command: its words, and what it does.</summary>
internal abstract class CliCommand
{
    /// <summary>The word on the command line.</summary>
    internal abstract string Name { get; }

    /// <summary>One line for the list of commands.</summary>
    internal abstract string Summary { get; }

    /// <summary>More about it, for its own help page.</summary>
    internal virtual string Details => "";

    /// <summary>Command lines that work as they stand.</summary>
    internal virtual IReadOnlyList<string> Examples => [];

    /// <summary>Commands below this one; a command has either these or a <see cref="Run"/>.</summary>
    internal virtual IReadOnlyList<CliCommand> Children => [];

    /// <summary>Adds arguments and options.</summary>
    internal virtual void Define(Command command)
    {
    }

    /// <summary>Carries the command out.</summary>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    internal virtual int Run(Invocation run) => throw new InvalidOperationException($"'{Name}' needs a subcommand.");
}
