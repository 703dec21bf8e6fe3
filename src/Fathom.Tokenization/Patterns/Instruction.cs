using Fathom.Tokenization.Unicode;

namespace Fathom.Tokenization.Patterns;

/// <summary>One step of a compiled pattern.</summary>
internal readonly record struct Instruction(Operation Operation)
{
    /// <summary>The scalars of <see cref="Operation.Set"/> and <see cref="Operation.Run"/>.</summary>
    public ScalarSet? Set { get; init; }

    /// <summary>Where to go: first choice, jump target, or the end of a sub-pattern.</summary>
    public int Target { get; init; }

    /// <summary>Second choice; the least count of a run; the width of a look-behind.</summary>
    public int Other { get; init; }

    /// <summary>The most of a run.</summary>
    public int Max { get; init; }

    /// <summary>Whether a look is negative.</summary>
    public bool Negative { get; init; }

    /// <summary>Which condition.</summary>
    public AssertionKind Assertion { get; init; }
}
