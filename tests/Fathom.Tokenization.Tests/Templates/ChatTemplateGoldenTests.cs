using System.Text.Json;
using Fathom.Tokenization.Templates;

namespace Fathom.Tokenization.Tests.Templates;

public class ChatTemplateGoldenTests
{
    [Fact]
    public void Renders_every_snippet_as_the_reference_does() => AssertSnippets(ChatFixtures.Lines("chat-jinja/snippets.jsonl"), 322);

    [Fact]
    public void Renders_the_rest_of_the_language_as_the_reference_does() => AssertSnippets(ChatFixtures.ParseLines(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Fixtures", "snippets.jsonl"))), 379);

    [Theory]
    [InlineData("chatml")]
    [InlineData("inst")]
    [InlineData("harmony-like")]
    [InlineData("tools-json")]
    [InlineData("control")]
    public void Renders_every_conversation_through_a_template_as_the_reference_does(string name)
    {
        var template = ChatTemplate.Parse(ChatFixtures.Text($"chat-jinja/{name}.jinja"));
        var lines = ChatFixtures.Lines("chat-jinja/templates.jsonl").Where(l => l.GetProperty("template").GetString() == name).ToList();
        Assert.Equal(25, lines.Count);
        AssertAll(lines, line => template.RenderVariables(ChatFixtures.Variables(line.GetProperty("context")), ChatFixtures.Now));
    }

    [Theory]
    [InlineData("qwen3")]
    [InlineData("smollm2")]
    public void Renders_every_conversation_of_a_published_model_as_the_reference_does(string model) => AssertConversations(
        ChatTemplate.Parse(ChatFixtures.Text($"{model}/chat_template.jinja")), ChatFixtures.Lines($"{model}/chat.jsonl"));

    [Theory]
    [InlineData("llama3")]
    [InlineData("gemma3")]
    public void Renders_every_conversation_of_a_model_whose_licence_keeps_it_out_of_this_repository(string model)
    {
        var folder = Environment.GetEnvironmentVariable("FATHOM_TOKENIZER_FIXTURES");
        if (folder is null)
        {
            Assert.Skip("Set FATHOM_TOKENIZER_FIXTURES to a folder with the reference dumps of Llama 3 and Gemma 3; their licences keep them out of this repository.");
        }
        using var config = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, model, "tokenizer_config.json")));
        AssertConversations(
            ChatTemplate.Parse(config.RootElement.GetProperty("chat_template").GetString()!),
            ChatFixtures.ParseLines(File.ReadAllText(Path.Combine(folder, model, "chat.jsonl"))));
    }

    private static void AssertSnippets(IReadOnlyList<JsonElement> lines, int count)
    {
        Assert.Equal(count, lines.Count);
        AssertAll(lines, line => ChatTemplate.Parse(line.GetProperty("template").GetString()!).RenderVariables(ChatFixtures.Context, ChatFixtures.Now));
    }

    private static void AssertConversations(ChatTemplate template, IReadOnlyList<JsonElement> lines)
    {
        Assert.Equal(26, lines.Count);
        AssertAll(lines, line =>
        {
            var variables = line.GetProperty("variables").EnumerateObject().Concat(line.GetProperty("arguments").EnumerateObject())
                .Where(p => p.Name is not ("tools" or "continue_final_message"))
                .ToDictionary(p => p.Name, p => (object?)p.Value);
            var arguments = line.GetProperty("arguments");
            return template.Render(
                ChatMessage.ParseList(line.GetProperty("messages").GetRawText()),
                line.GetProperty("add_generation_prompt").GetBoolean(),
                arguments.TryGetProperty("tools", out var tools) ? [.. tools.EnumerateArray().Select(t => (object?)t)] : null,
                variables,
                continueFinalMessage: arguments.TryGetProperty("continue_final_message", out var final) && final.GetBoolean());
        });
    }

    private static void AssertAll(IReadOnlyList<JsonElement> lines, Func<JsonElement, string> render)
    {
        List<string> mismatches = [];
        foreach (var line in lines)
        {
            var expected = line.TryGetProperty("rendered", out var text) ? text.GetString()! : "error: " + Message(line);
            string actual;
            try
            {
                actual = render(line);
            }
            catch (ChatTemplateException e)
            {
                actual = "error: " + e.Reason;
            }
            // Where the reference's words depend on its version, the fixture says only that it fails.
            if (actual != expected && !(expected == "error: " && actual.StartsWith(expected, StringComparison.Ordinal)))
            {
                mismatches.Add($"{line.GetProperty(line.TryGetProperty("template", out _) ? "template" : "messages")}\n  expected {expected}\n  actual   {actual}");
            }
        }
        Assert.True(mismatches.Count == 0, $"{mismatches.Count} of {lines.Count} differ:\n" + string.Join("\n", mismatches.Take(10)));
    }

    private static string Message(JsonElement line)
    {
        var error = line.GetProperty("error").GetString()!;
        var colon = error.IndexOf(": ", StringComparison.Ordinal);
        return line.TryGetProperty("message", out var message) ? message.GetString()! : colon < 0 ? "" : error[(colon + 2)..];
    }
}
