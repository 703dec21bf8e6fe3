namespace Fathom.Plots;

/// <summary>A figure or report cannot be saved under the name given.</summary>
/// <param name="path">The file asked for.</param>
/// <param name="reason">Why not, and what to do next.</param>
/// <param name="inner">The file system's own complaint, where there is one.</param>
public sealed class FigureFileException(string path, string reason, Exception? inner = null) : IOException($"Cannot save '{path}': {reason}", inner)
{
    /// <summary>The file asked for.</summary>
    public string Path { get; } = path;
}
