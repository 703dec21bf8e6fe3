using System.Diagnostics;

namespace Fathom.Cli.Tests;

/// <summary>The tool as a program of its own.</summary>
public sealed class ProcessTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fathom-process-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Help_does_not_load_libtorch()
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Skip("Only the Linux loader writes down what it loads.");
        }

        var trace = Path.Combine(_folder, "loads");
        var watched = new Dictionary<string, string> { ["LD_DEBUG"] = "files", ["LD_DEBUG_OUTPUT"] = trace };

        Assert.Equal(ExitCode.Success, Run(["--help"], watched).Code);
        Assert.DoesNotContain("libtorch", Loads(), StringComparison.Ordinal);

        // The watch itself works: a command that computes does load it.
        Assert.Equal(ExitCode.Success, Run(["info"], watched).Code);
        Assert.Contains("libtorch_cpu", Loads(), StringComparison.Ordinal);

        string Loads() => string.Concat(Directory.GetFiles(_folder, "loads*").Select(File.ReadAllText));
    }

    [Fact]
    public void A_refused_line_exits_with_2_and_prints_one_paragraph()
    {
        var (code, output, error) = Run(["inof"], []);
        Assert.Equal(ExitCode.Usage, code);
        Assert.Empty(output);
        Assert.Equal("error: 'fathom' has no command 'inof'. Did you mean 'info'? Run 'fathom --help' for the options and examples.\n", error);
    }

    [Fact]
    public void The_trace_is_there_for_those_who_ask()
    {
        Assert.DoesNotContain("   at Fathom.", Run(["models", "path", "no-such-model"], []).Error, StringComparison.Ordinal);
        Assert.Contains("   at Fathom.", Run(["models", "path", "no-such-model"], new() { ["FATHOM_DEBUG"] = "1" }).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("INT", ExitCode.Cancelled)]
    [InlineData("TERM", ExitCode.Terminated)]
    public async Task Stops_quietly_in_the_middle_of_native_work(string signal, int code)
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no such signals.");
        }

        var start = Start(["generate", "Her name", "--max-new-tokens", "250", "--no-cache", "--samples", "1000", "--temperature", "1", "--quiet"], []);
        if (OperatingSystem.IsLinux())
        {
            // A program in the background of a shell script inherits that SIGINT is ignored, and keeps to it.
            (start.FileName, var program) = ("env", start.FileName);
            start.ArgumentList.Insert(0, program);
            start.ArgumentList.Insert(0, "--default-signal=INT,TERM");
        }

        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        // Work, not time: on a busy machine it starts late.
        while (!process.HasExited && process.TotalProcessorTime < TimeSpan.FromSeconds(2))
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        using (var kill = Process.Start("kill", ["-s", signal, $"{process.Id}"]))
        {
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        await Ends(process, signal);
        Assert.Equal(code, process.ExitCode);
        Assert.Equal("error: Stopped before the end; no file was changed.\n", await error);
    }

    [Fact]
    public async Task Stops_although_nobody_reads_what_it_writes()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "That a program waits for its reader is read from /proc, which is Linux's.");
        // More than a pipe holds.
        using var process = Process.Start(Start(["models", "list", "--json"], []))!;
        while (!process.HasExited && !Directory.EnumerateDirectories($"/proc/{process.Id}/task").Any(Writes))
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        Assert.False(process.HasExited, "It wrote all to a pipe that nobody reads.");
        using (var kill = Process.Start("kill", ["-s", "TERM", $"{process.Id}"]))
        {
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        await Ends(process, "TERM");
        Assert.Equal(ExitCode.Terminated, process.ExitCode);

        static bool Writes(string task)
        {
            try
            {
                return File.ReadAllText(Path.Combine(task, "wchan")).Contains("pipe_write", StringComparison.Ordinal);
            }
            catch (IOException)
            {
                // The thread ended meanwhile.
                return false;
            }
        }
    }

    [Fact]
    public async Task A_killed_save_leaves_nothing_under_the_final_name()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no such signals.");
        }

        var random = new Random(5);
        var kills = Environment.GetEnvironmentVariable("CI") == "true" ? 20 : 4;
        for (var i = 0; i < kills; i++)
        {
            // A file for each tensor, so that saving takes a while; a kill falls before, into or behind it.
            var place = Path.Combine(_folder, $"saved-{i}");
            using var process = Process.Start(Start(["models", "save", "names-4l", "--out", place, "--shard-size", "1kB", "--quiet"], []))!;
            while (!process.HasExited && !Directory.EnumerateDirectories(_folder, $".saved-{i}.*").Any())
            {
                await Task.Delay(1, TestContext.Current.CancellationToken);
            }

            await Task.Delay(random.Next(60), TestContext.Current.CancellationToken);
            process.Kill();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            if (Directory.Exists(place))
            {
                var (code, _, error) = Run(["predict", "When Alex", "-m", place], []);
                Assert.True(code == ExitCode.Success, error);
            }
        }
    }

    [Fact]
    public void Model_that_is_not_on_this_machine_is_refused_offline_with_the_command_that_gets_it()
    {
        var (code, _, error) = Run(["predict", "hi", "-m", "roneneldan/TinyStories-1M-not-here"], new() { ["HF_HUB_OFFLINE"] = "1" });
        Assert.Equal(3, code);
        Assert.Contains("fathom models pull", error, StringComparison.Ordinal);
    }

    private static (int Code, string Output, string Error) Run(string[] args, Dictionary<string, string> variables)
    {
        using var process = Process.Start(Start(args, variables))!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.GetAwaiter().GetResult());
    }

    private static async Task Ends(Process process, string signal)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromMinutes(2));
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            Assert.Fail($"It works on two minutes after {signal}.");
        }
    }

    private static ProcessStartInfo Start(string[] args, Dictionary<string, string> variables)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Fathom.Cli.dll"));
        foreach (var arg in args)
        {
            start.ArgumentList.Add(arg);
        }

        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        return start;
    }
}
