namespace Fathom.Loading.Checkpoints.Pickles;

/// <summary>A persistent id: consecutive elements stored under a key of the archive.</summary>
/// <param name="root">The key the bytes lie under.</param>
/// <param name="type">The element type, or null for raw bytes.</param>
/// <param name="offset">First element of the root storage; not 0 only for views of the legacy format.</param>
/// <param name="count">Elements, or bytes of an untyped storage.</param>
/// <param name="rootCount">Elements of the root storage.</param>
internal sealed class PickleStorage(string root, StoredType? type, long offset, long count, long rootCount) : PickleValue
{
    public string Root { get; } = root;

    public StoredType? Type { get; } = type;

    public long Offset { get; } = offset;

    public long Count { get; } = count;

    public long RootCount { get; } = rootCount;

    /// <summary>Bytes of one counted unit.</summary>
    public int UnitBytes => Type is { } t ? t.BlockBits / 8 : 1;

    public override string Kind => "a storage";
}
