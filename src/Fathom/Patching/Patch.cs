namespace Fathom.Patching;

/// <summary>What one cell does to one example's run.</summary>
/// <param name="Cell">The index of the cell, last axis fastest.</param>
/// <param name="Example">The index of the example within its sweep.</param>
/// <param name="Edits">The replacements, in the order of the layers.</param>
internal sealed record Patch(int Cell, int Example, IReadOnlyList<Edit> Edits);
