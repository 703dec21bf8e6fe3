using Fathom.Tokenization.Templates.Execution;

namespace Fathom.Tokenization.Templates.Values;

/// <summary>A name, key or attribute that is not there: prints as nothing, is false, iterates over nothing, and fails at any other use.</summary>
internal sealed class Undefined
{
    private readonly IEnumerable<string>? _candidates;
    private readonly string? _name;
    private readonly Func<string>? _lateReason;
    private readonly string _reason;

    private Undefined(string reason, string? name, IEnumerable<string>? candidates, bool isUnsafe = false, Func<string>? lateReason = null)
    {
        _reason = reason;
        _lateReason = lateReason;
        _name = name;
        _candidates = candidates;
        IsUnsafe = isUnsafe;
    }

    /// <summary>What the reference says when it is used.</summary>
    public string Reason => _lateReason?.Invoke() ?? _reason;

    /// <summary>Whether it stands for something that exists but is forbidden.</summary>
    public bool IsUnsafe { get; }

    /// <summary>The nearest names that do exist.</summary>
    public string? Suggestion => _name is null || _candidates is null ? null : Nearest.Suggest(_name, _candidates);

    /// <summary>A variable nobody set.</summary>
    public static Undefined Variable(string name, Scope scope) => new($"'{name}' is undefined", name, scope.Names());

    /// <summary>A parameter the caller left out.</summary>
    public static Undefined Parameter(string name) => new($"parameter '{name}' was not provided", null, null);

    /// <summary>An attribute or key that the owner does not have.</summary>
    public static Undefined Attribute(object? owner, string name) =>
        new($"'{Describe(owner)}' has no attribute {Quote(name)}", name, (owner as MappingValue)?.TextKeys);

    /// <summary>An item that the owner does not have.</summary>
    public static Undefined Element(object? owner, string key) => new($"{Describe(owner)} has no element {key}", null, null);

    /// <summary>An attribute that the sandbox does not give out.</summary>
    public static Undefined Unsafe(object? owner, string name) =>
        new($"access to attribute {Quote(name)} of '{TypeName.Of(owner)}' object is unsafe.", null, null, isUnsafe: true);

    /// <summary>A value for which the reason is given in full.</summary>
    public static Undefined Because(string reason) => new(reason, null, null);

    /// <summary>A value for which the reason is worked out when somebody asks.</summary>
    public static Undefined Because(Func<string> reason) => new("", null, null, lateReason: reason);

    private static string Describe(object? owner) => owner switch
    {
        null => "None",
        NamespaceValue => "jinja2.utils.Namespace object",
        _ => TypeName.Of(owner) + " object",
    };

    private static string Quote(string name) => name.Length <= 200 ? TextRepr.Quote(name) : TextRepr.Quote(name[..200]) + "...";
}
