namespace Fathom.Patching.Paths;

/// <summary>A sender of one example: what replaces its output.</summary>
/// <param name="Into">The prompt patched.</param>
/// <param name="Edits">The replacements at the sender.</param>
/// <param name="Norm">What readers' norms do.</param>
/// <param name="Everywhere">Whether readers are clamped at every position, not only where the sender writes.</param>
internal sealed record PathSource(int Into, IReadOnlyList<Edit> Edits, ReaderNorm Norm, bool Everywhere)
{
    /// <summary>The one position that changes, or -1.</summary>
    public int Position => !Everywhere && Edits.Select(e => e.Position).Distinct().Count() == 1 ? Edits[0].Position : -1;

    /// <summary>The first position that can change.</summary>
    /// <param name="first">The first position at which the donor's run differs.</param>
    public int First(int first) => Edits.Min(e => e.Position < 0 ? first : Everywhere ? Math.Min(first, e.Position) : e.Position);
}
