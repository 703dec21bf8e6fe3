namespace Fathom.Models;

/// <summary>Where a model came from: what every result carries.</summary>
/// <param name="Name">What was asked for: an official name, a hub id or a folder.</param>
/// <param name="Revision">The commit or revision, where there is one.</param>
/// <param name="Location">The file or folder the weights were read from.</param>
/// <param name="Processing">What was done to the weights, e.g. <c>fold_ln, center_writing_weights</c>.</param>
public sealed record ModelSource(string Name, string? Revision, string Location, string Processing)
{
    /// <summary>A model built by a program.</summary>
    public static ModelSource Program { get; } = new("(built by the program)", null, "", "none");
}
