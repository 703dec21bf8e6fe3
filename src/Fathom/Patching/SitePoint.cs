using Fathom.Hooks;

namespace Fathom.Patching;

/// <summary>One hook point of a site.</summary>
/// <param name="Label">The label of its row on the layer axis.</param>
/// <param name="Layer">The block it lies in.</param>
/// <param name="Point">The hook point.</param>
public sealed record SitePoint(string Label, int Layer, HookPoint Point);
