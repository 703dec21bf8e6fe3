using Fathom.Tokenization.Templates.Execution;

namespace Fathom.Tokenization.Templates.Values;

/// <summary>A function written in C#.</summary>
internal sealed class NativeFunction(string name, Func<Rendering, Arguments, object?> body) : Callable
{
    /// <inheritdoc/>
    public override string Name => name;

    /// <inheritdoc/>
    public override object? Call(Rendering run, Arguments arguments) => body(run, arguments);
}
