namespace Fathom.Tokenization.Templates.Execution;

/// <summary>Names and values of one block; a name that is not here is looked for further out.</summary>
internal sealed class Scope(Scope? outer)
{
    private Dictionary<string, object?>? _names;

    /// <summary>Looks a name up, innermost scope first.</summary>
    public bool TryGet(string name, out object? value)
    {
        for (var scope = this; scope is not null; scope = scope.Outer)
        {
            if (scope._names is not null && scope._names.TryGetValue(name, out value))
            {
                return true;
            }
        }
        value = null;
        return false;
    }

    /// <summary>Sets a name in this scope; outer scopes keep theirs.</summary>
    public void Set(string name, object? value) => (_names ??= new(StringComparer.Ordinal))[name] = value;

    /// <summary>Every visible name, for suggestions.</summary>
    public IEnumerable<string> Names()
    {
        for (var scope = this; scope is not null; scope = scope.Outer)
        {
            foreach (var name in scope._names?.Keys ?? Enumerable.Empty<string>())
            {
                yield return name;
            }
        }
    }

    private Scope? Outer { get; } = outer;
}
