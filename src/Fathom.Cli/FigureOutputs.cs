using System.CommandLine;
using Fathom.Plots;

namespace Fathom.Cli;

/// <summary>The option <c>--out</c> of commands that draw: each file's extension says its format.</summary>
internal sealed class FigureOutputs(params string[] aliases)
{
    private static readonly string[] Formats = [".html", ".svg", ".csv", ".json", ".txt"];

    private readonly Option<string[]> _out = new("--out", ["-o", .. aliases]) { Description = "Save the figure as .html, .svg, .csv, .json or .txt; may be repeated", HelpName = "FILE" };

    internal void AddTo(Command command) => command.Options.Add(_out);

    /// <summary>Refuses, before any work is done, what could not be written after it.</summary>
    /// <exception cref="CommandException">An extension is unknown, or a place cannot be written to.</exception>
    internal void Check(Invocation run)
    {
        foreach (var file in run.Value(_out) ?? [])
        {
            var extension = Path.GetExtension(file);
            if (!Formats.Contains(extension, StringComparer.OrdinalIgnoreCase))
            {
                throw CommandException.Usage($"--out {file}: {(extension.Length == 0 ? "the name has no extension" : $"'{extension}' is no format of figures")}. Use one of {string.Join(", ", Formats)}.");
            }

            AtomicFile.CheckWritable(file);
        }
    }

    /// <summary>Writes the files and says where they are.</summary>
    /// <param name="run">The command.</param>
    /// <param name="figure">The figure.</param>
    /// <param name="part">What the file's name says behind a dot, where one command draws several figures.</param>
    internal void Save(Invocation run, Figure figure, string? part = null)
    {
        foreach (var asked in run.Value(_out) ?? [])
        {
            var file = part is null ? asked : Path.ChangeExtension(asked, $"{part}{Path.GetExtension(asked)}");
            AtomicFile.Produce(file, draft => figure.Save(draft));
            run.Note($"Wrote {Path.GetFullPath(file)}");
        }
    }
}
