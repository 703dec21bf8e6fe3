namespace Fathom.Tokenization.Templates.Nodes;

/// <summary>What happens after a statement.</summary>
internal enum Flow
{
    /// <summary>The next statement.</summary>
    Next,

    /// <summary>The next item of the innermost loop.</summary>
    Continue,

    /// <summary>What follows the innermost loop.</summary>
    Break,
}
