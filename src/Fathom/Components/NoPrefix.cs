namespace Fathom.Components;

/// <summary>The prefix of a full run: empty.</summary>
internal sealed class NoPrefix : Prefix
{
    public static NoPrefix Instance { get; } = new();

    public override long Count => 0;

    internal override AttendedKeys Extend(int layer, Tensor keys, Tensor values) => new(keys, values);
}
