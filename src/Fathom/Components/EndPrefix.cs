namespace Fathom.Components;

/// <summary>For a pass over the last position of each sequence only: everything before it is the sequence's own keys, computed already, on the prefix of the longer pass.</summary>
/// <param name="inner">The prefix of the longer pass.</param>
/// <param name="count">The positions before the last one.</param>
internal sealed class EndPrefix(Prefix inner, long count) : Prefix
{
    private Tensor? _keys;
    private Tensor? _values;

    public override long Count => count;

    /// <summary>Lends the keys and values of the longer pass, the last position included.</summary>
    public void Hold(Tensor keys, Tensor values) => (_keys, _values) = (keys, values);

    internal override AttendedKeys Extend(int layer, Tensor keys, Tensor values) => inner.Extend(layer, _keys!, _values!);
}
