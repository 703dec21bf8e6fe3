using Fathom.Tokenization.Templates.Execution;
using Fathom.Tokenization.Templates.Library;
using Fathom.Tokenization.Templates.Nodes;
using Fathom.Tokenization.Templates.Syntax;
using Fathom.Tokenization.Templates.Values;

namespace Fathom.Tokenization.Templates;

/// <summary>
/// A chat template: the Jinja text that comes with a chat model and turns a list of messages into the one text the model
/// was trained on. Rendered by an interpreter of our own, in a sandbox without reflection, files, network or clock, and
/// within <see cref="ChatTemplateLimits"/>. Equal to the reference (transformers with Jinja 3.1) or refused.
/// </summary>
/// <remarks>A template is immutable; one may be rendered on many threads at once.</remarks>
public sealed class ChatTemplate
{
    private readonly ChatTemplateLimits _limits;
    private readonly string _source;
    private readonly Block _body;

    private ChatTemplate(string text, string source, Block body, ChatTemplateLimits limits)
    {
        Text = text;
        _source = source;
        _body = body;
        _limits = limits;
    }

    /// <summary>The template as it was given.</summary>
    public string Text { get; }

    /// <summary>Reads a template.</summary>
    /// <param name="text">The value of <c>chat_template</c> in <c>tokenizer_config.json</c>, or the text of <c>chat_template.jinja</c>.</param>
    /// <param name="limits">Bounds on what a rendering may cost; <see cref="ChatTemplateLimits.Default"/> if null.</param>
    /// <exception cref="ChatTemplateException">The text is not a template, is too long, or uses something that is not supported; the message says where.</exception>
    public static ChatTemplate Parse(string text, ChatTemplateLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        limits ??= ChatTemplateLimits.Default;
        if (text.Length > limits.MaxSourceLength)
        {
            throw new ChatTemplateException(ChatTemplateFault.Limit, $"the template has {text.Length:N0} characters, more than {limits.MaxSourceLength:N0}", 1, 1, "If you trust it, pass ChatTemplateLimits with a larger MaxSourceLength.");
        }
        var source = TemplateLexer.Normalize(text);
        return new ChatTemplate(text, source, StatementParser.Parse(source), limits);
    }

    /// <summary>Renders a conversation.</summary>
    /// <param name="messages">The conversation, oldest message first.</param>
    /// <param name="addGenerationPrompt">Whether to end with what opens an answer of the model.</param>
    /// <param name="tools">Descriptions of functions the model may call (JSON schemas), or null for none.</param>
    /// <param name="variables">
    /// Further variables: special tokens (<c>bos_token</c>, <c>eos_token</c>), <c>documents</c>, and whatever the template asks for
    /// (<c>enable_thinking</c>). Values are null, booleans, numbers, text, lists, dictionaries with text keys, or <see cref="System.Text.Json.JsonElement"/>.
    /// </param>
    /// <param name="continueFinalMessage">Whether to stop right after the text of the last message, so that the model goes on with it.</param>
    /// <param name="now">The time that <c>strftime_now</c> tells; if null, a template that asks for the time is refused.</param>
    /// <returns>The text. It holds the special tokens, so it is tokenized without adding any.</returns>
    /// <exception cref="ChatTemplateException">The template refuses the conversation, fails on it, or exceeds a limit; the message says where.</exception>
    /// <exception cref="ArgumentException">An argument has a type a template cannot use, or arguments contradict each other.</exception>
    public string Render(
        IReadOnlyList<ChatMessage> messages,
        bool addGenerationPrompt = false,
        IReadOnlyList<object?>? tools = null,
        IReadOnlyDictionary<string, object?>? variables = null,
        bool continueFinalMessage = false,
        DateTimeOffset? now = null)
    {
        ArgumentNullException.ThrowIfNull(messages);
        if (continueFinalMessage && addGenerationPrompt)
        {
            throw new ArgumentException("continueFinalMessage and addGenerationPrompt exclude each other: either the last message goes on or a new one begins.", nameof(continueFinalMessage));
        }
        var continuation = continueFinalMessage ? Continuation.Of(messages, Text) : null;
        Dictionary<string, object?> all = new(StringComparer.Ordinal)
        {
            ["messages"] = (continuation?.Messages ?? messages).Select(m => m.ForTemplate()).ToArray(),
            ["tools"] = tools,
            ["documents"] = null,
            ["add_generation_prompt"] = addGenerationPrompt,
        };
        foreach (var (name, value) in variables ?? new Dictionary<string, object?>())
        {
            if (name is "messages" or "tools" or "add_generation_prompt")
            {
                throw new ArgumentException($"The variable '{name}' has a parameter of its own.", nameof(variables));
            }
            all[name] = value;
        }
        var text = RenderVariables(all, now);
        return continuation is null ? text : continuation.Cut(text);
    }

    /// <summary>Renders with nothing but the given variables.</summary>
    internal string RenderVariables(IReadOnlyDictionary<string, object?> variables, DateTimeOffset? now = null)
    {
        Rendering run = new(_source, _limits, now);
        Scope scope = new(Globals.Create());
        foreach (var (name, value) in variables)
        {
            scope.Set(name, HostValue.Convert(run, value, name));
        }
        _body.Execute(run, scope);
        return run.Output();
    }
}
