namespace Fathom.Hooks;

/// <summary>Sees an activation and returns the one to use instead, or <see langword="null"/> to leave it as it is.</summary>
/// <param name="activation">The activation, with the axes of <paramref name="point"/>. It may be changed in place; it is not the caller's to dispose or to keep (clone what must outlive the run).</param>
/// <param name="point">Where the activation was taken.</param>
public delegate Tensor? HookFunction(Tensor activation, HookPoint point);
