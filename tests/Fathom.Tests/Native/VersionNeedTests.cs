using Fathom.Native;

namespace Fathom.Tests.Native;

public sealed class VersionNeedTests
{
    [Fact]
    public void Changes_one_byte_of_the_shim()
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Skip("The shim of the other platforms is not an ELF library.");
        }

        var original = File.ReadAllBytes(LibraryLocations.Find("libLibTorchSharp.so"));
        var patched = original.ToArray();

        Assert.True(VersionNeed.MakeWeak(patched, VersionNeed.IostreamMarker));

        var changed = Enumerable.Range(0, original.Length).Where(i => original[i] != patched[i]).ToList();
        var at = Assert.Single(changed);
        Assert.Equal(original[at] | 2, patched[at]);
    }

    [Fact]
    public void Leaves_a_library_without_that_need_alone()
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Skip("The shim of the other platforms is not an ELF library.");
        }

        var image = File.ReadAllBytes(LibraryLocations.Find("libLibTorchSharp.so"));

        Assert.False(VersionNeed.MakeWeak(image, "GLIBCXX_9.9.99"));
        Assert.False(VersionNeed.MakeWeak(new byte[4096], VersionNeed.IostreamMarker));
        Assert.False(VersionNeed.MakeWeak([], VersionNeed.IostreamMarker));
    }
}
