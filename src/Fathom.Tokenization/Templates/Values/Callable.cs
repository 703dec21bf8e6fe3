using Fathom.Tokenization.Templates.Execution;

namespace Fathom.Tokenization.Templates.Values;

/// <summary>Something a template can call. The set is closed: nothing of .NET is reachable.</summary>
internal abstract class Callable
{
    /// <summary>The name in messages.</summary>
    public abstract string Name { get; }

    /// <summary>The type's name in messages.</summary>
    public virtual string TypeName => "builtin_function_or_method";

    /// <summary>Calls it.</summary>
    public abstract object? Call(Rendering run, Arguments arguments);
}
