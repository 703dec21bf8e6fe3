using System.Collections.Concurrent;
using System.Formats.Tar;
using System.IO.Compression;

namespace Fathom.Tests.Fixtures;

/// <summary>Unpacks a fixture folder (tests/Fixtures/GROUP/NAME.tar.br) once per process and deletes it when the process ends.</summary>
internal static class Fixture
{
    private static readonly ConcurrentDictionary<string, Lazy<string>> Unpacked = new();
    private static readonly Lazy<string> Root = new(MakeRoot);

    /// <summary>The repository's root.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>The names in a group, in order.</summary>
    public static IReadOnlyList<string> Names(string group) =>
        [.. Directory.GetFiles(Path.Combine(Repository, "tests", "Fixtures", group), "*.tar.br").Select(f => Path.GetFileName(f)[..^".tar.br".Length]).Order(StringComparer.Ordinal)];

    /// <summary>The folder of an unpacked fixture, e.g. <c>families/gpt2</c>. Do not change it: copy it first.</summary>
    public static string Folder(string name) => Unpacked.GetOrAdd(name, n => new(() => Unpack(n))).Value;

    /// <summary>A fresh copy of a fixture folder, to change.</summary>
    public static string Copy(string name)
    {
        var copy = Path.Combine(Root.Value, $"copy-{Guid.NewGuid():N}");
        Directory.CreateDirectory(copy);
        foreach (var file in Directory.GetFiles(Folder(name)))
        {
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        }

        return copy;
    }

    /// <summary>A fresh empty folder.</summary>
    public static string EmptyFolder() => Directory.CreateDirectory(Path.Combine(Root.Value, $"empty-{Guid.NewGuid():N}")).FullName;

    private static string Unpack(string name)
    {
        var parent = Path.Combine(Root.Value, Path.GetDirectoryName(name)!);
        Directory.CreateDirectory(parent);
        using var file = File.OpenRead(Path.Combine(Repository, "tests", "Fixtures", $"{name}.tar.br"));
        using BrotliStream plain = new(file, CompressionMode.Decompress);
        TarFile.ExtractToDirectory(plain, parent, overwriteFiles: true);
        var folder = Path.Combine(Root.Value, name);
        foreach (var planes in Directory.GetFiles(folder, "*.planes", SearchOption.AllDirectories))
        {
            Interleave(planes);
        }

        return folder;
    }

    /// <summary>Undoes the byte planes of eng/pack-fixture.mjs: word i takes byte i of each of the four planes behind the header.</summary>
    private static void Interleave(string file)
    {
        var stored = File.ReadAllBytes(file);
        var bytes = stored.ToArray();
        var start = 8 + (int)BitConverter.ToInt64(stored);
        var words = (stored.Length - start) / 4;
        for (var plane = 0; plane < 4; plane++)
        {
            for (var word = 0; word < words; word++)
            {
                bytes[start + (4 * word) + plane] = stored[start + (plane * words) + word];
            }
        }

        File.WriteAllBytes(file[..^".planes".Length], bytes);
        File.Delete(file);
    }

    private static string MakeRoot()
    {
        var root = Directory.CreateTempSubdirectory("fathom-fixtures-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(root, recursive: true);
        return root;
    }

    private static string FindRepository()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Fathom.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No Fathom.slnx above {AppContext.BaseDirectory}: run the tests inside the repository.");
    }
}
