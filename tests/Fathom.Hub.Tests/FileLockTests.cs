using System.Diagnostics;
using Fathom.Hub.Storage;
using Fathom.Hub.Tests.Fakes;

namespace Fathom.Hub.Tests;

/// <summary>The lock on a blob is the one that Python's <c>filelock</c> takes: flock, exclusive and without waiting.</summary>
public sealed class FileLockTests : HubFixture
{
    private const string Hold = "import fcntl,os,sys; f=os.open(sys.argv[1],os.O_RDWR|os.O_CREAT,0o664); fcntl.flock(f,fcntl.LOCK_EX|fcntl.LOCK_NB); print('held',flush=True); sys.stdin.read()";

    private string LockFile => Path.Combine(Folder.Path, ".locks", "models--owner--tiny", Weights.Etag + ".lock");

    [Fact]
    public async Task Waits_while_python_holds_the_lock()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(LockFile)!);
        using var python = Python();
        Assert.Equal("held", await python.StandardOutput.ReadLineAsync());

        var fetching = Fetch();
        await Task.Delay(300);
        Assert.False(fetching.IsCompleted);
        Assert.Equal(0, Hub.StorageGets);
        python.StandardInput.Close();

        AssertRight(await fetching);
        Assert.True(File.Exists(LockFile));
    }

    [Fact]
    public async Task Keeps_python_out_while_it_is_held()
    {
        using (await FileLock.Acquire(LockFile, null, CancellationToken.None))
        {
            using var refused = Python();
            Assert.Contains("BlockingIOError", await refused.StandardError.ReadToEndAsync(), StringComparison.Ordinal);
        }

        using var python = Python();
        Assert.Equal("held", await python.StandardOutput.ReadLineAsync());
        python.StandardInput.Close();
        await python.WaitForExitAsync();
    }

    [Fact]
    public async Task Keeps_other_tasks_of_this_process_out_too()
    {
        using (await FileLock.Acquire(LockFile, null, CancellationToken.None))
        {
            Assert.Null(FileLock.TryAcquire(LockFile));
            using var stop = new CancellationTokenSource(50);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => FileLock.Acquire(LockFile, null, stop.Token));
        }

        FileLock.TryAcquire(LockFile)!.Dispose();
    }

    private Process Python()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Python locks a byte on Windows, not with flock.");
        try
        {
            return Process.Start(new ProcessStartInfo("python3", ["-c", Hold, LockFile]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("There is no python3 here to lock with.");
            throw;
        }
    }
}
