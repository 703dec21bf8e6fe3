namespace Fathom.Cli.Tests;

public sealed class AtomicFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fathom-atomic-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_failure_in_the_middle_leaves_the_old_file_and_no_draft()
    {
        var path = Path.Combine(_folder, "report.html");
        File.WriteAllText(path, "old");

        Assert.Throws<InvalidDataException>(() => AtomicFile.Write(path, stream =>
        {
            stream.WriteByte(1);
            throw new InvalidDataException("broken");
        }));

        Assert.Equal("old", File.ReadAllText(path));
        Assert.Single(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void Writes_whole_files()
    {
        var path = Path.Combine(_folder, "a.txt");
        AtomicFile.CheckWritable(path);
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
        AtomicFile.Write(path, stream => stream.Write("new"u8));
        Assert.Equal("new", File.ReadAllText(path));
    }

    [Fact]
    public void A_folder_that_is_not_there_is_named()
    {
        var error = Assert.Throws<CommandException>(() => AtomicFile.CheckWritable(Path.Combine(_folder, "no", "a.txt")));
        Assert.Equal(ExitCode.NotFound, error.ExitCode);
        Assert.Contains(Path.Combine(_folder, "no"), error.Message, StringComparison.Ordinal);
    }
}
