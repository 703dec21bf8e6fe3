namespace Fathom.Cli;

/// <summary>What the process says to the shell. Documented in docs/cli.md.</summary>
internal static class ExitCode
{
    /// <summary>The command did what it was asked.</summary>
    internal const int Success = 0;

    /// <summary>The command ran and failed, or a verification found a difference.</summary>
    internal const int Failure = 1;

    /// <summary>The command line cannot be carried out as written.</summary>
    internal const int Usage = 2;

    /// <summary>A model, file or folder that the command needs is not there.</summary>
    internal const int NotFound = 3;

    /// <summary>The user stopped it.</summary>
    internal const int Cancelled = 130;

    /// <summary>The system asked it to end.</summary>
    internal const int Terminated = 143;
}
