using System.Xml.Linq;
using Fathom.Native;

namespace Fathom.Tests.Native;

public sealed class NativeLibrariesTests
{
    [Fact]
    public void Loads_libtorch_and_computes()
    {
        NativeLibraries.EnsureLoaded();
        using var ones = torch.ones(2, 3);
        Assert.Equal(6f, ones.sum().item<float>());
    }

    [Fact]
    public void Loading_again_changes_nothing()
    {
        NativeLibraries.EnsureLoaded();
        var first = NativeLibraries.Loaded;

        Parallel.For(0, 16, _ => NativeLibraries.EnsureLoaded());

        Assert.Same(first, NativeLibraries.Loaded);
    }

    [Fact]
    public void No_second_copy_of_libtorch_appears_beside_the_program()
    {
        NativeLibraries.EnsureLoaded();
        using var one = torch.ones(1);

        var copies = Path.Combine(Path.GetDirectoryName(typeof(torch).Assembly.Location)!, "cpu");
        Assert.False(Directory.Exists(copies), $"{copies} exists: TorchSharp did not find the loaded libraries and copied 500 MB.");
        if (OperatingSystem.IsLinux())
        {
            var mapped = File.ReadLines("/proc/self/maps").Where(line => line.Contains("libtorch_cpu.so", StringComparison.Ordinal))
                .Select(line => line.Split(' ', 6, StringSplitOptions.RemoveEmptyEntries)[^1]).Distinct();
            Assert.Single(mapped);
        }
    }

    [Fact]
    public void A_missing_library_names_the_package_to_add()
    {
        var error = Assert.Throws<NativeLibraryException>(() => LibraryLocations.Find("libnowhere.so"));

        Assert.Equal("libnowhere.so", error.Library);
        Assert.Contains("Add the package libtorch-cpu-linux-x64 " + LibraryLocations.LibTorchVersion, error.Message, StringComparison.Ordinal);
        Assert.Contains(AppContext.BaseDirectory, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_versions_looked_for_are_the_versions_referenced()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Directory.Packages.props")))
        {
            folder = folder.Parent;
        }

        Assert.NotNull(folder);
        var versions = XDocument.Load(Path.Combine(folder.FullName, "Directory.Packages.props")).Descendants("PackageVersion")
            .ToDictionary(item => item.Attribute("Include")!.Value, item => item.Attribute("Version")!.Value);
        Assert.Equal(LibraryLocations.TorchSharpVersion, versions["TorchSharp"]);
        Assert.Equal(LibraryLocations.LibTorchVersion, versions["libtorch-cpu-linux-x64"]);
    }
}
