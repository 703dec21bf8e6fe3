namespace Fathom.Patching.Planning;

/// <summary>A patch that must be computed: from which layer, place and position on.</summary>
/// <param name="Run">The example.</param>
/// <param name="Cell">The cell, or a negative number for a patch that measures the noise floor.</param>
/// <param name="Edits">The replacements that can change something.</param>
/// <param name="Kind">Where in its first block it starts.</param>
/// <param name="Layer">Its first block.</param>
/// <param name="Start">The first position that can differ from the base run, in tokens.</param>
/// <param name="Length">The positions computed.</param>
/// <param name="Touched">How many of them its first sublayer must compute anew; the others are the base run's.</param>
internal sealed record PlannedPatch(ExampleRun Run, int Cell, IReadOnlyList<Edit> Edits, PatchKind Kind, int Layer, int Start, int Length, int Touched);
