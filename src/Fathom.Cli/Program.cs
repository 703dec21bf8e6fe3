using Fathom.Cli;

return await CommandLine.RunAsync(args, Terminal.ForThisProcess());
