namespace Fathom.Hub.Tests;

public sealed class HubNameTests
{
    [Theory]
    [InlineData("..")]
    [InlineData("a/..")]
    [InlineData("../a")]
    [InlineData("a\\..\\b")]
    [InlineData("/a")]
    [InlineData("//server/share")]
    [InlineData("\\\\server\\share")]
    [InlineData("C:a")]
    [InlineData("c:/a")]
    [InlineData("a//b")]
    [InlineData("a/")]
    [InlineData("")]
    [InlineData("a/./b")]
    [InlineData("a\0b")]
    [InlineData("a\nb")]
    [InlineData(".cache/x")]
    [InlineData(".CACHE/x")]
    public void Refuses_paths_that_could_leave_the_folder(string path)
    {
        Assert.NotNull(RepositoryPath.Fault(path, windows: false));
        Assert.NotNull(RepositoryPath.Fault(path, windows: true));
    }

    [Theory]
    [InlineData("con")]
    [InlineData("a/NUL.txt")]
    [InlineData("COM1")]
    [InlineData("a.")]
    [InlineData("a /b")]
    [InlineData("ab:stream")]
    [InlineData("a?")]
    public void Refuses_what_windows_would_take_for_something_else(string path)
    {
        Assert.NotNull(RepositoryPath.Fault(path, windows: true));
        Assert.Null(RepositoryPath.Fault(path, windows: false));
    }

    [Theory]
    [InlineData("config.json")]
    [InlineData("a/b c/d..e/模型.bin")]
    [InlineData(".gitattributes")]
    public void Takes_ordinary_paths(string path) => Assert.Null(RepositoryPath.Fault(path, windows: true));

    [Theory]
    [InlineData("main")]
    [InlineData("refs/pr/12")]
    [InlineData("checkpoint-100")]
    [InlineData("feature/x.y")]
    public void Takes_ordinary_revisions(string revision) => Assert.Equal(revision, RevisionName.Validate(revision));
}
