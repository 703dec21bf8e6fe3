using System.Text;

namespace Fathom.Plots.Files;

/// <summary>Writes a file in one step: it is there whole or not at all.</summary>
internal static class AtomicFile
{
    public static string Write(string path, string text)
    {
        string? temporary = null;
        try
        {
            var full = Path.GetFullPath(path);
            var folder = Path.GetDirectoryName(full) ?? ".";
            if (Directory.Exists(full))
            {
                throw new FigureFileException(path, "it is a folder. Add a file name.");
            }

            Directory.CreateDirectory(folder);
            var name = Path.Combine(folder, $".{Path.GetFileName(full)}.{Guid.NewGuid():N}.tmp");
            using (var stream = new FileStream(name, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                temporary = name;
                stream.Write(Encoding.UTF8.GetBytes(text));
                stream.Flush(flushToDisk: true);
            }

            File.Move(name, full, overwrite: true);
            temporary = null;
            return full;
        }
        catch (UnauthorizedAccessException refused)
        {
            throw new FigureFileException(path, $"no permission ({refused.Message}) Choose a folder you may write to.", refused);
        }
        catch (FileNotFoundException failed)
        {
            throw new FigureFileException(path, "its folder takes no new files. Choose another folder.", failed);
        }
        catch (Exception failed) when (failed is IOException and not FigureFileException || failed is ArgumentException or NotSupportedException)
        {
            throw new FigureFileException(path, $"{failed.Message} Check the folder and the free space.", failed);
        }
        finally
        {
            if (temporary is not null)
            {
                File.Delete(temporary);
            }
        }
    }
}
