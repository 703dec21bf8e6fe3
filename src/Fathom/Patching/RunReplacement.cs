namespace Fathom.Patching;

/// <summary>The activation of the prompt patched from, at the same place.</summary>
public sealed record RunReplacement : Replacement
{
    /// <inheritdoc/>
    public override string Name => "run";
}
