using System.Text.Json;
using Fathom.Tokenization.Templates;

namespace Fathom.Tokenization.Verification;

/// <summary>Compares what a chat template makes of a conversation, and the ids of that.</summary>
internal static class ChatCheck
{
    /// <summary>What differs, or <see langword="null"/>.</summary>
    /// <exception cref="InvalidDataException">The tokenizer has no chat template.</exception>
    public static string? Compare(Tokenizer tokenizer, JsonElement line)
    {
        var template = tokenizer.ChatTemplate ?? throw new InvalidDataException("The golden file holds conversations, and the tokenizer has no chat template (chat_template in tokenizer_config.json, or chat_template.jinja).");
        var messages = line.GetProperty("messages").GetRawText();
        var label = $"conversation {(messages.Length <= 160 ? messages : messages[..160] + "…")}";
        string rendered;
        try
        {
            rendered = Render(ChatTemplate.Parse(template), messages, line);
        }
        catch (ChatTemplateException error)
        {
            return line.TryGetProperty("error", out _) ? null : $"{label}: the reference renders it, this refuses: {error.Message}";
        }

        if (line.TryGetProperty("error", out var refused))
        {
            return $"{label}: the reference refuses ({refused}), this renders";
        }

        return TextCheck.Difference(label, "characters of the text", line.GetProperty("rendered").GetString()!, rendered)
            ?? TextCheck.Difference(label, "ids", LineCheck.Ids(line.GetProperty("ids")), tokenizer.EncodeToIds(rendered, addSpecialTokens: false));
    }

    private static string Render(ChatTemplate template, string messages, JsonElement line)
    {
        var arguments = line.GetProperty("arguments");
        var variables = line.GetProperty("variables").EnumerateObject().Concat(arguments.EnumerateObject())
            .Where(p => p.Name is not ("tools" or "continue_final_message"))
            .ToDictionary(p => p.Name, p => (object?)p.Value);
        return template.Render(
            ChatMessage.ParseList(messages),
            line.GetProperty("add_generation_prompt").GetBoolean(),
            arguments.TryGetProperty("tools", out var tools) ? [.. tools.EnumerateArray().Select(t => (object?)t)] : null,
            variables,
            continueFinalMessage: arguments.TryGetProperty("continue_final_message", out var final) && final.GetBoolean());
    }
}
