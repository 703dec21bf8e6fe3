namespace Fathom.Plots.Html;

/// <summary>The viewer, shipped inside the assembly.</summary>
internal static class Resources
{
    /// <summary>The viewer's script.</summary>
    public static string Script { get; } = Read("viewer.js");

    /// <summary>The page's style sheet.</summary>
    public static string Style { get; } = Read("viewer.css");

    private static string Read(string name)
    {
        using var stream = typeof(Resources).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The assembly Fathom.Plots was built without its resource '{name}'. Build it again.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
