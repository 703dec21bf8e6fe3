namespace Fathom.Plots.Html;

/// <summary>The viewer, shipped inside the assembly.</summary>
internal static class Resources
{
    /// <summary>The viewer's script: its parts in one scope, so that a page needs one script element. The first part that finds a viewer already on the page leaves it at that.</summary>
    public static string Script { get; } = $"\n(() => {{\n{string.Concat(new[] { "viewer.js", "heat.js", "charts.js", "tokens.js", "attention.js", "start.js" }.Select(Read))}}})();\n";

    /// <summary>The page's style sheet.</summary>
    public static string Style { get; } = "\n" + Read("viewer.css");

    private static string Read(string name)
    {
        using var stream = typeof(Resources).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The assembly Fathom.Plots was built without its resource '{name}'. Build it again.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
