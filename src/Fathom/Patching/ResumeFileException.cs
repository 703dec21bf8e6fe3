namespace Fathom.Patching;

/// <summary>Thrown when a resume file belongs to another experiment, or is no resume file.</summary>
public sealed class ResumeFileException : InvalidOperationException
{
    internal ResumeFileException(string path, string why)
        : base($"'{path}' cannot be resumed: {why}. Delete it to start again, or name another file.") => Path = path;

    /// <summary>The file.</summary>
    public string Path { get; }
}
