using System.Numerics;

namespace Fathom.Tokenization.Templates.Values;

/// <summary>The names that the reference's error messages give to types.</summary>
internal static class TypeName
{
    /// <summary>The Python type of a value.</summary>
    public static string Of(object? value) => value switch
    {
        null => "NoneType",
        bool => "bool",
        BigInteger => "int",
        double => "float",
        string => "str",
        Markup => "Markup",
        SequenceValue { IsTuple: true } => "tuple",
        SequenceValue => "list",
        MappingValue => "dict",
        RangeValue => "range",
        DictView view => view.TypeName,
        OneShot => "generator",
        SliceValue => "slice",
        Undefined => "Undefined",
        NamespaceValue => "Namespace",
        Callable callable => callable.TypeName,
        IAttributes attributes => attributes.TypeName,
        _ => throw new InvalidOperationException($"A value of type {value.GetType()} got into a template."),
    };
}
