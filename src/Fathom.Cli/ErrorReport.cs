using Fathom.Hub;
using Fathom.Loading;
using Fathom.Tensors;

namespace Fathom.Cli;

/// <summary>Turns a failure into an exit code and one paragraph for a person.</summary>
internal static class ErrorReport
{
    /// <summary>Set to 1, it adds the stack trace.</summary>
    internal const string DebugVariable = "FATHOM_DEBUG";

    internal static int Print(Exception failure, Terminal terminal)
    {
        var (code, message) = Describe(failure);
        Print(message, terminal);
        if (terminal.Variable(DebugVariable) == "1")
        {
            terminal.Error.WriteLine(failure);
        }

        return code;
    }

    internal static void Print(string message, Terminal terminal)
    {
        var text = $"error: {message}";
        terminal.Error.WriteLine(terminal.ErrorIsTerminal ? Wrapping.Wrap(text, terminal.Width) : text);
    }

    private static (int Code, string Message) Describe(Exception failure) => failure switch
    {
        CommandException known => (known.ExitCode, known.Message),
        OperationCanceledException => (ExitCode.Cancelled, "Stopped before the end; no file was changed."),
        AggregateException { InnerExceptions.Count: 1 } one => Describe(one.InnerExceptions[0]),
        TypeInitializationException { InnerException: { } cause } => Describe(cause),
        UnknownModelException or ModelNotCachedException or RepositoryNotFoundException or RevisionNotFoundException or HubFileNotFoundException or UnknownCheckpointException => (ExitCode.NotFound, failure.Message),
        InvalidHubNameException or HubSettingException or ComputeSettingException => (ExitCode.Usage, failure.Message),
        ModelNotFoundException or FileNotFoundException or DirectoryNotFoundException => (ExitCode.NotFound, failure.Message),
        ArgumentException argument => (ExitCode.Usage, WithoutParameter(argument)),
        OutOfMemoryException => (ExitCode.Failure, "This machine has not enough memory for that. Use a smaller model, a shorter prompt or fewer activations at once."),
        NullReferenceException or IndexOutOfRangeException or InvalidCastException or KeyNotFoundException => (ExitCode.Failure,
            $"Fathom has a defect: {failure.Message} Run the command again with {DebugVariable}=1 and report what it prints."),
        _ => (ExitCode.Failure, failure.Message),
    };

    // .NET appends the parameter's name, which means nothing on a command line.
    private static string WithoutParameter(ArgumentException failure) =>
        failure.ParamName is null ? failure.Message : failure.Message.Replace($" (Parameter '{failure.ParamName}')", "", StringComparison.Ordinal);
}
