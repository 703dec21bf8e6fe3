namespace Fathom.Loading.Checkpoints;

/// <summary>A checkpoint file that is broken, hostile, or of a kind this library does not read. Nothing of it was used.</summary>
public sealed class InvalidCheckpointException : Exception
{
    internal InvalidCheckpointException(string file, string problem, Exception? inner = null)
        : base($"{file}: {problem}", inner)
    {
        File = file;
        Problem = problem;
    }

    /// <summary>The file or folder that was being read.</summary>
    public string File { get; }

    /// <summary>What is wrong, what was expected, and what to do.</summary>
    public string Problem { get; }
}
