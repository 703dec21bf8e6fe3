using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Fathom.Cli;

/// <summary>The command line of <c>fathom</c>, from words to exit code. Callable in process: it never exits and never touches the console.</summary>
internal static class CommandLine
{
    /// <summary>Runs one command line.</summary>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    internal static async Task<int> RunAsync(string[] args, Terminal terminal, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(args);
        var stopped = false;
        try
        {
            var definitions = new Dictionary<Command, CliCommand>();
            var root = Build(args, terminal, definitions);
            
            // A prompt may begin with @; it is no file of arguments.
            var parsed = root.Parse(args.Length == 0 ? ["--help"] : args, new ParserConfiguration { ResponseFileTokenReplacer = null });
            if (parsed.Action is ParseErrorAction || (parsed.Errors.Count > 0 && parsed.Action is not SynchronousCommandLineAction))
            {
                return ParseErrorReport.Print(parsed, terminal);
            }

            var code = await parsed.InvokeAsync(
                new() { Output = terminal.Output, Error = terminal.Error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromSeconds(1) }, cancellation).ConfigureAwait(false);
            stopped = code is ExitCode.Cancelled or ExitCode.Terminated;
            if (stopped)
            {
                await WithPatience(Task.Run(() => ErrorReport.Print(new OperationCanceledException(), terminal), CancellationToken.None)).ConfigureAwait(false);
            }

            return code;
        }
        catch (Exception failure) when (failure is not (StackOverflowException or AccessViolationException))
        {
            return ErrorReport.Print(failure, terminal);
        }
        finally
        {
            var flush = Task.Run(() => terminal.Output.FlushAsync(CancellationToken.None), CancellationToken.None);
            await (stopped ? WithPatience(flush) : flush).ConfigureAwait(false);
        }
    }

    /// <summary>Whoever stops the tool may have stopped reading it before; a write to a full pipe, and all that wait behind it, end with the process.</summary>
    private static async Task WithPatience(Task writing) => await Task.WhenAny(writing, Task.Delay(TimeSpan.FromSeconds(3), CancellationToken.None)).ConfigureAwait(false);

    private static RootCommand Build(string[] args, Terminal terminal, Dictionary<Command, CliCommand> definitions)
    {
        var root = new RootCommand("Open a transformer, name every activation inside it, and change any of them.");

        // Only the names that POSIX tools have: /? and /h may be prompts.
        root.Options.Remove(root.Options.OfType<HelpOption>().Single());
        root.Options.Insert(0, new HelpOption("--help", "-h"));
        root.Options.Add(SharedOptions.Json);
        root.Options.Add(SharedOptions.Quiet);
        var typed = args.FirstOrDefault(word => !word.StartsWith('-'));
        var completing = typed?.StartsWith("[suggest", StringComparison.Ordinal) == true;
        foreach (var entry in CommandCatalogue.Entries)
        {
            root.Subcommands.Add(completing || entry.Name == typed
                ? Build(entry.Create(), args, terminal, definitions)
                : new Command(entry.Name, entry.Summary) { Hidden = entry.Hidden });
        }

        foreach (var option in root.Options)
        {
            option.Action = option switch
            {
                HelpOption => new PrintAction(parsed => HelpPage.Print(parsed.CommandResult.Command, ParseErrorReport.Path(parsed), definitions.GetValueOrDefault(parsed.CommandResult.Command), terminal)),
                VersionOption => new PrintAction(_ => terminal.Output.WriteLine(ToolVersion.Number)),
                _ => option.Action,
            };
        }

        return root;
    }

    private static Command Build(CliCommand definition, string[] args, Terminal terminal, Dictionary<Command, CliCommand> definitions)
    {
        var command = new Command(definition.Name, definition.Summary);
        definitions[command] = definition;
        definition.Define(command);
        foreach (var child in definition.Children)
        {
            command.Subcommands.Add(Build(child, args, terminal, definitions));
        }

        if (definition.Children.Count == 0)
        {
            // On a thread of its own, so that Ctrl-C ends the process even where the command is deep in native code.
            command.SetAction((parsed, cancellation) => Task.Factory.StartNew(
                () => Guarded(definition, new Invocation(parsed, terminal, Quoting.Join(args), cancellation)),
                CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));
        }

        return command;
    }

    private static int Guarded(CliCommand definition, Invocation run)
    {
        try
        {
            var code = definition.Run(run);
            if (code == ExitCode.Success)
            {
                run.WriteNotes();
            }

            return code;
        }
        catch (Exception failure) when (failure is not (StackOverflowException or AccessViolationException))
        {
            if (run.Cancellation.IsCancellationRequested)
            {
                return ExitCode.Cancelled;
            }

            run.Terminal.Output.Flush();
            run.Progress("");
            return ErrorReport.Print(failure, run.Terminal);
        }
    }

    private sealed class PrintAction(Action<ParseResult> print) : SynchronousCommandLineAction
    {
        // --help wins over whatever else is wrong with the line.
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            print(parseResult);
            return ExitCode.Success;
        }
    }
}
