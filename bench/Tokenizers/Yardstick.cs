using System.Diagnostics;
using System.IO.Compression;
using System.Text.Json;

namespace Fathom.Bench.Tokenizers;

/// <summary>The native tokenizers that npm ships, in a process of their own; one thread by its environment variable.</summary>
/// <param name="Load">Milliseconds to read the vocabulary.</param>
/// <param name="Count">Ids.</param>
/// <param name="Single">Milliseconds, document by document.</param>
/// <param name="Batch">Milliseconds as one batch.</param>
/// <param name="Memory">Megabytes of the whole process.</param>
internal sealed record Yardstick(double Load, int Count, double Single, double Batch, double Memory)
{
    /// <summary>Runs it, or says why not and returns <see langword="null"/>.</summary>
    public static Yardstick? Run(string folder, string[] documents, string modules, int rounds)
    {
        var work = Directory.CreateTempSubdirectory("fathom-bench");
        try
        {
            var texts = Path.Combine(work.FullName, "documents.json");
            File.WriteAllText(texts, JsonSerializer.Serialize(documents));
            var start = new ProcessStartInfo("node", [Path.Combine(AppContext.BaseDirectory, "yardstick.mjs"), Unpack(folder, work.FullName), texts, modules, $"{rounds}"])
            {
                RedirectStandardOutput = true,
            };
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? JsonSerializer.Deserialize<Yardstick>(output, JsonSerializerOptions.Web) : null;
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            Console.WriteLine($"no yardstick: {error.Message}");
            return null;
        }
        finally
        {
            work.Delete(recursive: true);
        }
    }

    private static string Unpack(string folder, string work)
    {
        var plain = Path.Combine(folder, "tokenizer.json");
        if (File.Exists(plain))
        {
            return plain;
        }

        var copy = Path.Combine(work, "tokenizer.json");
        using var packed = new GZipStream(File.OpenRead(plain + ".gz"), CompressionMode.Decompress);
        using var target = File.Create(copy);
        packed.CopyTo(target);
        return copy;
    }
}
