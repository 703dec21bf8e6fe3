namespace Fathom.Cli.Tests;

public sealed class NotebookCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fathom-notebook-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Ends_with_a_self_contained_report_and_says_where_it_is()
    {
        var file = Path.Combine(_folder, "notebook.html");
        var run = CliRun.Of(["notebook", "-o", file], screen: true);

        Assert.True(run.Code == ExitCode.Success, run.Error);
        Assert.EndsWith($"The report is {file}\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("·Turing", run.Output, StringComparison.Ordinal);
        Assert.Contains("blocks.0.hook_resid_post, position 5  ·Carroll", run.Output, StringComparison.Ordinal);
        Assert.Equal([file], Directory.GetFileSystemEntries(_folder));
        var html = File.ReadAllText(file);
        foreach (var title in new[] { "Patching with Alex/Carroll/Alex", "Patching with Sarah/Hart/Alex", "Patching with Alex/Hart/Sarah", "z by layer and head", "pattern by layer and head", "(pos 5)  Hart" })
        {
            Assert.Contains(title, html, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("src=\"http", html, StringComparison.Ordinal);
        Assert.DoesNotContain("href=\"http", html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pipe_gets_the_path_alone_and_json_a_document()
    {
        var file = Path.Combine(_folder, "report.html");
        Assert.Equal(file + "\n", CliRun.Of(["notebook", "-o", file]).Output);
        Assert.Equal(file, CliRun.Of(["notebook", "-o", file, "--json"]).Json().GetProperty("report").GetString());
    }

    [Fact]
    public void A_place_that_cannot_be_written_is_refused_before_any_work()
    {
        CliRun.Of(["notebook", "-o", Path.Combine(_folder, "report.pdf")]).Failed(ExitCode.Usage, ".html");
        CliRun.Of(["notebook", "-o", Path.Combine(_folder, "no", "report.html")]).Failed(ExitCode.NotFound, "does not exist");
        if (OperatingSystem.IsLinux())
        {
            CliRun.Of(["notebook", "-o", "/sys/report.html"]).Failed(ExitCode.Failure, "Cannot write /sys/report.html");
        }
    }
}
