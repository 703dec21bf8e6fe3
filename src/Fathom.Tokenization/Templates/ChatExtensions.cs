using System.Runtime.CompilerServices;

namespace Fathom.Tokenization.Templates;

/// <summary>Conversations as tokens.</summary>
public static class ChatExtensions
{
    private static readonly ConditionalWeakTable<Tokenizer, ChatTemplate> Parsed = [];

    extension(Tokenizer tokenizer)
    {
        /// <summary>Writes a conversation as the one text the model was trained on.</summary>
        /// <param name="messages">The conversation, oldest message first.</param>
        /// <param name="addGenerationPrompt">Whether to end with what opens an answer of the model.</param>
        /// <param name="tools">Descriptions of functions the model may call, or null.</param>
        /// <param name="variables">Further variables; the tokenizer's special tokens are there already, and may be replaced.</param>
        /// <param name="continueFinalMessage">Whether to stop right after the text of the last message.</param>
        /// <param name="now">The time that the template may ask for.</param>
        /// <param name="template">A template instead of the tokenizer's own.</param>
        /// <returns>The text, special tokens included: tokenize it with <c>addSpecialTokens: false</c>, or call <c>ApplyChatTemplate</c>.</returns>
        /// <exception cref="InvalidOperationException">The tokenizer came without a template, and none was given.</exception>
        /// <exception cref="ChatTemplateException">The template refuses the conversation, or fails on it.</exception>
        public string RenderChatTemplate(
            IReadOnlyList<ChatMessage> messages,
            bool addGenerationPrompt = false,
            IReadOnlyList<object?>? tools = null,
            IReadOnlyDictionary<string, object?>? variables = null,
            bool continueFinalMessage = false,
            DateTimeOffset? now = null,
            ChatTemplate? template = null)
        {
            ArgumentNullException.ThrowIfNull(tokenizer);
            template ??= Own(tokenizer);
            var all = tokenizer.SpecialTokens.ToDictionary(t => t.Key, t => (object?)t.Value);
            foreach (var (name, value) in variables ?? new Dictionary<string, object?>())
            {
                all[name] = value;
            }
            return template.Render(messages, addGenerationPrompt, tools, all, continueFinalMessage, now);
        }

        /// <summary>Writes a conversation and tokenizes it. The template's text holds the special tokens, so none are added: one BOS, never two.</summary>
        /// <param name="messages">The conversation, oldest message first.</param>
        /// <param name="addGenerationPrompt">Whether to end with what opens an answer of the model.</param>
        /// <param name="tools">Descriptions of functions the model may call, or null.</param>
        /// <param name="variables">Further variables; the tokenizer's special tokens are there already, and may be replaced.</param>
        /// <param name="continueFinalMessage">Whether to stop right after the text of the last message.</param>
        /// <param name="now">The time that the template may ask for.</param>
        /// <param name="template">A template instead of the tokenizer's own.</param>
        /// <returns>The same as encoding <c>RenderChatTemplate</c>'s text without adding special tokens.</returns>
        /// <exception cref="InvalidOperationException">The tokenizer came without a template, and none was given.</exception>
        /// <exception cref="ChatTemplateException">The template refuses the conversation, or fails on it.</exception>
        public Encoding ApplyChatTemplate(
            IReadOnlyList<ChatMessage> messages,
            bool addGenerationPrompt = false,
            IReadOnlyList<object?>? tools = null,
            IReadOnlyDictionary<string, object?>? variables = null,
            bool continueFinalMessage = false,
            DateTimeOffset? now = null,
            ChatTemplate? template = null) => tokenizer.Encode(
                tokenizer.RenderChatTemplate(messages, addGenerationPrompt, tools, variables, continueFinalMessage, now, template),
                addSpecialTokens: false);
    }

    private static ChatTemplate Own(Tokenizer tokenizer)
    {
        if (tokenizer.ChatTemplate is { } text)
        {
            return Parsed.GetValue(tokenizer, _ => ChatTemplate.Parse(text));
        }
        throw new InvalidOperationException(tokenizer.ChatTemplates.Count == 0
            ? "This tokenizer came without a chat template; base models often do. Pass one: template: ChatTemplate.Parse(text)."
            : $"This tokenizer has no default chat template, only {string.Join(", ", tokenizer.ChatTemplates.Keys.Order(StringComparer.Ordinal))}. Choose one: template: ChatTemplate.Parse(tokenizer.ChatTemplates[name]).");
    }
}
