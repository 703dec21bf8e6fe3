using System.Text;

namespace Fathom.Bench.Tokenizers;

/// <summary>Text to encode.</summary>
internal static class Corpus
{
    /// <summary>All files of this repository that match, one after the other.</summary>
    public static string Gather(string pattern)
    {
        var root = Directory.GetCurrentDirectory();
        while (!File.Exists(Path.Combine(root, "Fathom.slnx")))
        {
            root = Path.GetDirectoryName(root) ?? throw new DirectoryNotFoundException("Run this inside the repository, or name texts with --text.");
        }

        var files = Directory.GetFiles(root, pattern, SearchOption.AllDirectories).Where(file => !file.Contains("/artifacts/", StringComparison.Ordinal)).Order(StringComparer.Ordinal);
        return string.Join('\n', files.Select(File.ReadAllText));
    }

    /// <summary>Documents of whole lines, about 4,000 characters each.</summary>
    public static string[] Cut(string text)
    {
        List<string> documents = [];
        var document = new StringBuilder();
        foreach (var line in text.Split('\n'))
        {
            document.Append(line).Append('\n');
            if (document.Length >= 4000)
            {
                documents.Add(document.ToString());
                document.Clear();
            }
        }

        documents.Add(document.ToString());
        return [.. documents];
    }
}
