namespace Fathom.Native;

/// <summary>Folders that may hold the native libraries, in the order they are tried.</summary>
internal static class LibraryLocations
{
    /// <summary>Names a folder that is tried after the program's own.</summary>
    internal const string OverrideVariable = "FATHOM_LIBTORCH";

    /// <summary>The version of the package libtorch-cpu-linux-x64.</summary>
    internal const string LibTorchVersion = "2.10.0";

    /// <summary>The version of TorchSharp whose shim this is.</summary>
    internal const string TorchSharpVersion = "0.107.0";

    private const string NativeFolder = "runtimes/linux-x64/native";

    /// <summary>
    /// The program's own folders come first: TorchSharp probes them too, and two different files of libtorch in one process
    /// register everything twice and abort it.
    /// </summary>
    internal static IReadOnlyList<string> Folders()
    {
        var packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } named
            ? named
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        var probing = AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "";
        string[] folders =
        [
            AppContext.BaseDirectory,
            Path.Combine(AppContext.BaseDirectory, NativeFolder),
            .. probing.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries),
            Environment.GetEnvironmentVariable(OverrideVariable) ?? "",
            Path.Combine(packages, "libtorch-cpu-linux-x64", LibTorchVersion, NativeFolder),
            Path.Combine(packages, "torchsharp", TorchSharpVersion, NativeFolder),
        ];
        return [.. folders.Where(folder => folder.Length > 0).Distinct()];
    }

    /// <summary>The first file of that name in the folders.</summary>
    /// <exception cref="NativeLibraryException">No folder has it.</exception>
    internal static string Find(string file)
    {
        var folders = Folders();
        return folders.Select(folder => Path.Combine(folder, file)).FirstOrDefault(File.Exists)
            ?? throw new NativeLibraryException(file, folders);
    }
}
