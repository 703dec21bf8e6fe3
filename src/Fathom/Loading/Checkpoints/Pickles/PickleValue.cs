namespace Fathom.Loading.Checkpoints.Pickles;

/// <summary>A value of a pickle: one of a closed set of inert shapes. Nothing here is an object of the program that wrote it.</summary>
/// <remarks>Classes, not records: a compiler-made Equals or ToString would recurse into hostile nesting.</remarks>
internal abstract class PickleValue
{
    private protected PickleValue()
    {
    }

    /// <summary>What the value is, in a word, for messages.</summary>
    public abstract string Kind { get; }
}

/// <summary>None, or any value that is kept as text only: big integers, complex numbers, devices, layouts, numpy scalars.</summary>
internal sealed class PickleInert(string text) : PickleValue
{
    public string Text { get; } = text;

    public override string Kind => Text;
}

internal sealed class PickleBoolean(bool value) : PickleValue
{
    public bool Value { get; } = value;

    public override string Kind => Value ? "True" : "False";
}

internal sealed class PickleInteger(long value) : PickleValue
{
    public long Value { get; } = value;

    public override string Kind => "an integer";
}

internal sealed class PickleReal(double value) : PickleValue
{
    public double Value { get; } = value;

    public override string Kind => "a float";
}

internal sealed class PickleText(string value) : PickleValue
{
    public string Value { get; } = value;

    public override string Kind => "a text";
}

internal sealed class PickleBytes(byte[] value) : PickleValue
{
    public byte[] Value { get; } = value;

    public override string Kind => "bytes";
}

internal sealed class PickleList : PickleValue
{
    public List<PickleValue> Items { get; } = [];

    public override string Kind => "a list";
}

internal sealed class PickleTuple(PickleValue[] items) : PickleValue
{
    public PickleValue[] Items { get; } = items;

    /// <summary>Levels of tuples inside tuples.</summary>
    public int Depth { get; } = 1 + items.OfType<PickleTuple>().Select(t => t.Depth).DefaultIfEmpty().Max();

    public override string Kind => "a tuple";
}

internal sealed class PickleSet : PickleValue
{
    public List<PickleValue> Items { get; } = [];

    public override string Kind => "a set";
}

/// <summary>A name of the table <see cref="PickleGlobals"/>.</summary>
internal sealed class PickleGlobal(PickleGlobalKind globalKind, string name, StoredType? type = null) : PickleValue
{
    public PickleGlobalKind GlobalKind { get; } = globalKind;

    public string Name { get; } = name;

    /// <summary>The element type of a dtype or a storage type; null for an untyped storage.</summary>
    public StoredType? Type { get; } = type;

    public override string Kind => Name;
}
