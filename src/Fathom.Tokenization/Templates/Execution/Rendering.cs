using System.Runtime.CompilerServices;
using System.Text;
using Fathom.Tokenization.Templates.Values;

namespace Fathom.Tokenization.Templates.Execution;

/// <summary>One rendering: its output, its budget, its clock, and where in the template it is.</summary>
internal sealed class Rendering(string source, ChatTemplateLimits limits, DateTimeOffset? now = null)
{
    private long _allocationLimit = limits.MaxAllocation;
    private long _stepLimit = limits.MaxSteps;
    private StringBuilder _output = new();
    private long _steps;
    private long _allocated;
    private long _written;
    private int _depth;

    /// <summary>Offset in the template text of what is being evaluated.</summary>
    public int At { get; set; }

    /// <summary>What <c>strftime_now</c> reads; null refuses it.</summary>
    public DateTimeOffset? Now => now;

    /// <summary>Raises the budget for a piece of the caller's own data, which may be large for good reasons.</summary>
    public void AddInput(long characters)
    {
        _allocationLimit += 64 * characters;
        _stepLimit += characters;
    }

    /// <summary>Counts work that allocates nothing.</summary>
    public void Step(long count = 1)
    {
        _steps += count;
        if (_steps > _stepLimit)
        {
            throw Limit($"more than {_stepLimit:N0} steps", nameof(ChatTemplateLimits.MaxSteps));
        }
    }

    /// <summary>Counts looking at a stretch of text.</summary>
    public void Scan(long characters) => Step(1 + (characters >> 6));

    /// <summary>Announces an allocation before it is made.</summary>
    public void Charge(long characters)
    {
        if (characters > _allocationLimit || (_allocated += characters) > _allocationLimit)
        {
            throw Limit($"more than {_allocationLimit:N0} characters of intermediate text", nameof(ChatTemplateLimits.MaxAllocation));
        }
        Step(1 + (characters >> 6));
    }

    /// <summary>Announces a list of <paramref name="count"/> items.</summary>
    public void ChargeItems(long count) => Charge(count > long.MaxValue / 8 ? long.MaxValue : 8 * count);

    /// <summary>Goes one level deeper; every call is paired with <see cref="Leave"/>.</summary>
    public void Enter()
    {
        Step();
        if (++_depth > limits.MaxDepth || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw Limit($"nested more than {Math.Min(_depth - 1, limits.MaxDepth):N0} deep", nameof(ChatTemplateLimits.MaxDepth));
        }
    }

    /// <summary>Comes back from <see cref="Enter"/>.</summary>
    public void Leave() => _depth--;

    /// <summary>Writes to the output, or to the innermost captured block.</summary>
    public void Write(string text)
    {
        _written += text.Length;
        if (_written > limits.MaxOutputLength)
        {
            throw Limit($"more than {limits.MaxOutputLength:N0} characters of output", nameof(ChatTemplateLimits.MaxOutputLength));
        }
        Scan(text.Length);
        _output.Append(text);
    }

    /// <summary>Runs <paramref name="body"/> and returns what it wrote instead of writing it.</summary>
    public string Capture(Action body)
    {
        var outer = _output;
        _output = new StringBuilder();
        body();
        Charge(_output.Length);
        var text = _output.ToString();
        _written -= text.Length;
        _output = outer;
        return text;
    }

    /// <summary>Everything written.</summary>
    public string Output() => _output.ToString();

    /// <summary>The line of an offset in the template text.</summary>
    public int LineOf(int offset) => SourcePosition.Of(source, offset).Line;

    /// <summary>An error at the current place.</summary>
    public ChatTemplateException Fail(ChatTemplateFault fault, string reason, string? suggestion = null, Exception? inner = null)
    {
        var (line, column) = SourcePosition.Of(source, At);
        return new ChatTemplateException(fault, reason, line, column, suggestion, inner);
    }

    /// <summary>A <c>TypeError</c> of the reference.</summary>
    public ChatTemplateException TypeError(string reason, string? suggestion = null) => Fail(ChatTemplateFault.Type, reason, suggestion);

    /// <summary>A <c>ValueError</c> of the reference.</summary>
    public ChatTemplateException ValueError(string reason, string? suggestion = null) => Fail(ChatTemplateFault.Value, reason, suggestion);

    /// <summary>Use of an undefined value.</summary>
    public ChatTemplateException Fail(Undefined value) => Fail(value.IsUnsafe ? ChatTemplateFault.Security : ChatTemplateFault.Undefined, value.Reason, value.Suggestion);

    /// <summary>Something of the reference that is not done here.</summary>
    public ChatTemplateException Unsupported(string what, string instead) => Fail(ChatTemplateFault.Unsupported, $"{what} is not supported", instead);

    private ChatTemplateException Limit(string what, string name) =>
        Fail(ChatTemplateFault.Limit, $"the template needs {what}", $"If you trust it, pass ChatTemplateLimits with a larger {name}.");
}
