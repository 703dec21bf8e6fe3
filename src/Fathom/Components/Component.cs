namespace Fathom.Components;

/// <summary>A part of a model. It declares its weights and hook points once, by name and axes, when it is built.</summary>
public abstract class Component
{
    /// <summary>Builds the part at its place.</summary>
    private protected Component(PartScope scope) => Scope = scope;

    /// <summary>The path below which this part's names lie, e.g. <c>blocks.0.attn</c>; empty for the model.</summary>
    public string Path => Scope.Path.TrimEnd('.');

    /// <summary>Where the part declares its names.</summary>
    private protected PartScope Scope { get; }
}
