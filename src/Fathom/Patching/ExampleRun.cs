namespace Fathom.Patching;

/// <summary>One example of one sweep of a job.</summary>
/// <param name="Sweep">The sweep's index.</param>
/// <param name="Example">The example's index within it.</param>
/// <param name="Into">The prompt patched into.</param>
/// <param name="From">The prompt patched from.</param>
/// <param name="Donor">Where values come from.</param>
/// <param name="FirstPath">The job's index of the example's first sender, in a path sweep.</param>
internal sealed record ExampleRun(int Sweep, int Example, int Into, int From, Donor Donor, int FirstPath = -1);
