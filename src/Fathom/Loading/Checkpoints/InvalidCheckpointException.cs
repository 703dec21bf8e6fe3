namespace Fathom.Loading.Checkpoints;

/// <summary>A checkpoint file that is broken, hostile, or of a kind this library does not read. Nothing of it was used.</summary>
public sealed class InvalidCheckpointException : Exception
{
    internal InvalidCheckpointException(string file, string problem, Exception? inner = null)
        : base($"{Printable.Escape(file)}: {Printable.Escape(problem)}", inner)
    {
        File = file;
        Problem = Printable.Escape(problem);
    }

    /// <summary>The file or folder that was being read.</summary>
    public string File { get; }

    /// <summary>What is wrong, what was expected, and what to do. Names out of the file are escaped: safe to print.</summary>
    public string Problem { get; }
}
