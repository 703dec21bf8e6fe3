using System.Diagnostics;
using Fathom.Hub.Tests.Fakes;

namespace Fathom.Hub.Tests;

/// <summary>A real disk that really fills up.</summary>
public sealed class FullDiskTests : HubFixture
{
    [Fact]
    public async Task Keeps_what_fits_and_goes_on_when_there_is_room()
    {
        var disk = Directory.CreateDirectory(Path.Combine(Folder.Path, "disk")).FullName;
        Assert.SkipUnless(OperatingSystem.IsLinux() && Run("mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", disk), "Needs Linux and the right to mount a small disk.");
        try
        {
            var options = TestOptions.For(Hub.Endpoint, disk);
            using (var client = new HubClient(options) { FreeBytes = _ => null })
            {
                var error = await Assert.ThrowsAsync<HubDiskFullException>(() => client.EnsureAsync(Id));
                AssertSays(error, "400,000 more bytes are needed", "run the same command again, it resumes");
            }

            Assert.Null(new HubCache(disk).TryFind(Id, null, FileSelection.Model));
            Assert.True(Run("mount", "-o", "remount,size=4m", disk));
            AssertRight(await Fetch(options));
            Assert.StartsWith("bytes=", Hub.Seen.Last(r => !r.AtHub).Range, StringComparison.Ordinal);
            CacheWalk.AssertRight(disk, Model);
        }
        finally
        {
            Assert.True(Run("umount", disk));
        }
    }

    private static bool Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
