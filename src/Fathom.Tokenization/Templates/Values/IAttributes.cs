using Fathom.Tokenization.Templates.Execution;

namespace Fathom.Tokenization.Templates.Values;

/// <summary>A value of the interpreter's own with named attributes.</summary>
internal interface IAttributes
{
    /// <summary>The type's name in messages.</summary>
    string TypeName { get; }

    /// <summary>Reads an attribute; false if there is none of that name.</summary>
    bool TryGetAttribute(Rendering run, string name, out object? value);
}
