using System.Numerics;
using Fathom.Tokenization.Templates.Execution;

namespace Fathom.Tokenization.Templates.Values;

/// <summary>The variable <c>loop</c> inside a <c>for</c>.</summary>
internal sealed class LoopValue(IReadOnlyList<object?> items, int depth0, Func<Rendering, object?, int, object?>? recurse) : Callable, IAttributes
{
    private object?[]? _lastChanged;

    /// <summary>The place of the current item, from 0.</summary>
    public int Index0 { get; set; }

    /// <summary>How many items.</summary>
    public int Length => items.Count;

    /// <inheritdoc/>
    public override string Name => "loop";

    /// <inheritdoc cref="Callable.TypeName"/>
    public override string TypeName => "LoopContext";

    /// <inheritdoc/>
    public bool TryGetAttribute(Rendering run, string name, out object? value)
    {
        value = name switch
        {
            "index" => (BigInteger)(Index0 + 1),
            "index0" => (BigInteger)Index0,
            "revindex" => (BigInteger)(items.Count - Index0),
            "revindex0" => (BigInteger)(items.Count - Index0 - 1),
            "first" => Index0 == 0,
            "last" => Index0 == items.Count - 1,
            "length" => (BigInteger)items.Count,
            "depth" => (BigInteger)(depth0 + 1),
            "depth0" => (BigInteger)depth0,
            "previtem" => Index0 > 0 ? items[Index0 - 1] : Undefined.Because("there is no previous item"),
            "nextitem" => Index0 < items.Count - 1 ? items[Index0 + 1] : Undefined.Because("there is no next item"),
            "cycle" => new NativeFunction("cycle", (r, a) => a.Positional.Count > 0 ? a.Positional[Index0 % a.Positional.Count] : throw r.TypeError("no items for cycling given")),
            "changed" => new NativeFunction("changed", Changed),
            _ => this,
        };
        return !ReferenceEquals(value, this);
    }

    /// <inheritdoc/>
    public override object? Call(Rendering run, Arguments arguments)
    {
        var inner = arguments.Bind(run, "loop", 1, "iterable")[0];
        return recurse is null
            ? throw run.TypeError("The loop must have the 'recursive' marker to be called recursively.")
            : recurse(run, inner, depth0 + 1);
    }

    private object Changed(Rendering run, Arguments arguments)
    {
        var now = arguments.Positional.ToArray();
        var changed = _lastChanged is null || !Equality.AreEqual(run, new SequenceValue(_lastChanged), new SequenceValue(now));
        _lastChanged = now;
        return changed;
    }
}
