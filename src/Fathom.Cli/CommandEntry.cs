namespace Fathom.Cli;

/// <summary>A command before it is built: the tool starts fast because it builds only the one that was asked for.</summary>
internal sealed record CommandEntry(string Group, string Name, string Summary, Func<CliCommand> Create, bool Hidden = false);
