namespace Fathom.Tokenization.Templates.Values;

/// <summary>What <c>keys()</c>, <c>values()</c> and <c>items()</c> of a dictionary give.</summary>
internal sealed class DictView(string typeName, object?[] items)
{
    /// <summary><c>dict_keys</c>, <c>dict_values</c> or <c>dict_items</c>.</summary>
    public string TypeName => typeName;

    /// <summary>The items in order.</summary>
    public object?[] Items => items;
}
