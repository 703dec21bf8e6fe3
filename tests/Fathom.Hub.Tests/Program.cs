namespace Fathom.Hub.Tests;

/// <summary>Runs the tests; with <c>--download</c> it is the second process of a test, and fetches one model.</summary>
internal static class Program
{
    public static int Main(string[] args) => args is ["--download", ..] ? Download(args).GetAwaiter().GetResult()
        : args.Any(a => a is "--server" or "--internal-msbuild-node")
            ? Xunit.MicrosoftTestingPlatform.TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions).GetAwaiter().GetResult()
            : Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args).GetAwaiter().GetResult();

    private static async Task<int> Download(string[] args)
    {
        using var client = new HubClient(TestOptions.For(args[1], args[2]));
        var snapshot = await client.EnsureAsync(args[3], selection: FileSelection.All);
        Console.WriteLine(snapshot.Commit);
        return 0;
    }
}
