using System.Numerics;
using Fathom.Tokenization.Templates.Execution;

namespace Fathom.Tokenization.Templates.Values;

/// <summary>A value as a dictionary key: 1, 1.0 and True are the same key, as they are in Python.</summary>
internal readonly struct HashKey : IEquatable<HashKey>
{
    private readonly Rendering _run;
    private readonly object? _value;
    private readonly int _hash;

    private HashKey(Rendering run, object? value, int hash)
    {
        _run = run;
        _value = value;
        _hash = hash;
    }

    /// <summary>Makes a key.</summary>
    /// <exception cref="ChatTemplateException">The value cannot be a key.</exception>
    public static HashKey Of(Rendering run, object? value) => new(run, value, Hash(run, value));

    /// <inheritdoc/>
    public bool Equals(HashKey other) => _hash == other._hash && Equality.AreEqual(_run, _value, other._value);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is HashKey other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _hash;

    private static int Hash(Rendering run, object? value)
    {
        switch (value)
        {
            case null or Undefined:
                return HashCode.Combine(value is null);
            case bool flag:
                return HashCode.Combine(flag ? BigInteger.One : BigInteger.Zero);
            case BigInteger number:
                return HashCode.Combine(number);
            case double number:
                return double.IsInteger(number) ? HashCode.Combine(new BigInteger(number)) : HashCode.Combine(number);
            case string or Markup:
                var text = TextValue.Raw(value);
                run.Scan(text.Length);
                return text.GetHashCode(StringComparison.Ordinal);
            case SequenceValue { IsTuple: true } tuple:
                run.Enter();
                HashCode hash = default;
                foreach (var item in tuple.Items)
                {
                    hash.Add(Hash(run, item));
                }
                run.Leave();
                return hash.ToHashCode();
            case SequenceValue or MappingValue or SliceValue or DictView:
                throw run.TypeError($"unhashable type: '{TypeName.Of(value)}'");
            default:
                return System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(value);
        }
    }
}
