using Fathom.Tokenization.Templates.Execution;
using Fathom.Tokenization.Templates.Values;

namespace Fathom.Tokenization.Templates.Nodes;

/// <summary>Where a value goes: a name, an attribute of a namespace, or a tuple of such.</summary>
internal sealed class Target
{
    private readonly string? _name;
    private readonly string? _attribute;
    private readonly Target[]? _parts;

    private Target(int at, string? name, string? attribute, Target[]? parts)
    {
        At = at;
        _name = name;
        _attribute = attribute;
        _parts = parts;
    }

    /// <summary>Offset in the template text.</summary>
    public int At { get; }

    /// <summary>A variable.</summary>
    public static Target Variable(int at, string name) => new(at, name, null, null);

    /// <summary>An attribute of a namespace.</summary>
    public static Target Attribute(int at, string name, string attribute) => new(at, name, attribute, null);

    /// <summary>Several at once.</summary>
    public static Target Tuple(int at, Target[] parts) => new(at, null, null, parts);

    /// <summary>Assigns.</summary>
    public void Assign(Rendering run, Scope scope, object? value)
    {
        run.Step();
        run.At = At;
        if (_parts is not null)
        {
            Unpack(run, scope, value, _parts);
        }
        else if (_attribute is null)
        {
            scope.Set(_name!, value);
        }
        else if (scope.TryGet(_name!, out var owner) && owner is NamespaceValue names)
        {
            names.Set(_attribute, value);
        }
        else
        {
            throw run.TypeError("cannot assign attribute on non-namespace object", $"Set '{_name}' to namespace(...) first.");
        }
    }

    private static void Unpack(Rendering run, Scope scope, object? value, Target[] parts)
    {
        if (!Iteration.IsIterable(value))
        {
            throw run.TypeError($"cannot unpack non-iterable {TypeName.Of(value)} object");
        }
        var items = Iteration.Items(run, value);
        if (items.Count != parts.Length)
        {
            throw run.ValueError(items.Count > parts.Length
                ? $"too many values to unpack (expected {parts.Length})"
                : $"not enough values to unpack (expected {parts.Length}, got {items.Count})");
        }
        for (var i = 0; i < parts.Length; i++)
        {
            parts[i].Assign(run, scope, items[i]);
        }
    }
}
