namespace Fathom.Tokenization.Templates.Nodes;

/// <summary>The text of a macro, or of the body of a <c>{% call %}</c>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Parameters">Names, and defaults where there are any.</param>
/// <param name="Body">What it does.</param>
/// <param name="Uses">Which of <c>varargs</c>, <c>kwargs</c>, <c>caller</c> the body mentions: only those are accepted.</param>
/// <param name="At">Offset in the template text.</param>
internal sealed record Macro(string Name, (string Name, Expression? Default)[] Parameters, Block Body, IReadOnlySet<string> Uses, int At);
