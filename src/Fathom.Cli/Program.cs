using Fathom.Cli;

var code = await CommandLine.RunAsync(args, Terminal.ForThisProcess());
if (code is ExitCode.Cancelled or ExitCode.Terminated)
{
    AbruptExit.Now(code);
}

return code;
