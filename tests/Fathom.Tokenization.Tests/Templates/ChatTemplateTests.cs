using System.Text.Json;
using Fathom.Tokenization.Templates;

namespace Fathom.Tokenization.Tests.Templates;

public class ChatTemplateTests
{
    private const string ChatMl = "{% for m in messages %}{{ '<|im_start|>' + m['role'] + '\\n' + m['content'] + '<|im_end|>\\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";

    [Fact]
    public void Renders_messages_and_opens_the_answer() => Assert.Equal(
        "<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n",
        ChatTemplate.Parse(ChatMl).Render([ChatMessage.User("Hi")], addGenerationPrompt: true));

    [Fact]
    public void Names_the_line_the_column_and_the_nearest_key()
    {
        var error = Assert.Throws<ChatTemplateException>(() => ChatTemplate.Parse("{% for m in messages %}\n{{ m.rolle + '' }}{% endfor %}").Render([ChatMessage.User("Hi")]));
        Assert.Equal(ChatTemplateFault.Undefined, error.Fault);
        Assert.Equal((2, 12), (error.Line, error.Column));
        Assert.Equal("Chat template, line 2, column 12: 'dict object' has no attribute 'rolle'. Did you mean 'role'?", error.Message);
    }

    [Fact]
    public void Names_the_nearest_variable()
    {
        var error = Assert.Throws<ChatTemplateException>(() => ChatTemplate.Parse("{{ bos_tokn + 'x' }}").Render([], variables: new Dictionary<string, object?> { ["bos_token"] = "<s>" }));
        Assert.Equal("Did you mean 'bos_token'?", error.Suggestion);
    }

    [Theory]
    [InlineData("{{ a | uper }}", "No filter named 'uper'.", "Did you mean 'upper'?")]
    [InlineData("{{ a is strng }}", "No test named 'strng'.", "Did you mean 'string'?")]
    [InlineData("{% fore x in y %}", "Encountered unknown tag 'fore'.", "Did you mean 'for'?")]
    public void Suggests_the_name_that_was_meant(string template, string reason, string suggestion)
    {
        var error = Assert.Throws<ChatTemplateException>(() => ChatTemplate.Parse(template));
        Assert.Equal((reason, suggestion), (error.Reason, error.Suggestion));
    }

    [Fact]
    public void Passes_on_what_the_template_says_when_it_refuses()
    {
        var error = Assert.Throws<ChatTemplateException>(() => ChatTemplate.Parse("{{ raise_exception('Only user and assistant roles') }}").Render([]));
        Assert.Equal((ChatTemplateFault.Raised, "Only user and assistant roles"), (error.Fault, error.Reason));
    }

    [Fact]
    public void Tells_no_time_unless_given_one()
    {
        var template = ChatTemplate.Parse("{{ strftime_now('%d %b %Y') }}");
        Assert.Contains("Pass the parameter 'now'", Assert.Throws<ChatTemplateException>(() => template.Render([])).Message, StringComparison.Ordinal);
        Assert.Equal("02 Jan 2025", template.Render([], now: ChatFixtures.Now));
    }

    [Fact]
    public void Drops_one_line_break_at_the_end_and_reads_every_kind_of_line_break() =>
        Assert.Equal("a\nb\n", ChatTemplate.Parse("a\r\nb\r\r\n").Render([]));

    [Fact]
    public void Refuses_values_that_are_not_data()
    {
        var error = Assert.Throws<ArgumentException>(() => ChatTemplate.Parse("{{ x }}").Render([], variables: new Dictionary<string, object?> { ["x"] = new Dictionary<string, object?> { ["y"] = new object() } }));
        Assert.Contains("'x.y' is System.Object, which a template cannot use.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_variables_that_would_replace_the_conversation() => Assert.Throws<ArgumentException>(() =>
        ChatTemplate.Parse(ChatMl).Render([], variables: new Dictionary<string, object?> { ["messages"] = new List<object?>() }));

    [Fact]
    public void Takes_plain_values_and_JSON_alike()
    {
        var template = ChatTemplate.Parse("{{ x | tojson }}");
        using var json = JsonDocument.Parse("""{"b":[1,2.0,true,null,"é"],"a":{}}""");
        var expected = """{"b": [1, 2.0, true, null, "é"], "a": {}}""";
        Assert.Equal(expected, template.Render([], variables: new Dictionary<string, object?> { ["x"] = json.RootElement }));
        Assert.Equal(expected, template.Render([], variables: new Dictionary<string, object?>
        {
            ["x"] = new KeyValuePair<string, object?>[] { new("b", new object?[] { 1, 2.0, true, null, "é" }), new("a", new Dictionary<string, object?>()) },
        }));
    }

    [Fact]
    public void Goes_on_with_the_last_message()
    {
        var template = ChatTemplate.Parse(ChatMl);
        ChatMessage[] messages = [ChatMessage.User("q"), ChatMessage.Assistant("The answer is ")];
        Assert.EndsWith("<|im_start|>assistant\nThe answer is ", template.Render(messages, continueFinalMessage: true), StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => template.Render(messages, addGenerationPrompt: true, continueFinalMessage: true));
        Assert.Throws<ArgumentException>(() => template.Render([], continueFinalMessage: true));
        Assert.Throws<InvalidOperationException>(() => ChatTemplate.Parse("{{ 'content' }}").Render(messages, continueFinalMessage: true));
    }

    [Fact]
    public void Goes_on_with_the_last_text_of_a_message_in_parts()
    {
        var template = ChatTemplate.Parse("{% for m in messages %}<{% for p in m.content %}{{ p.text }}{% endfor %}>{% endfor %}");
        var message = ChatMessage.ParseList("""[{"role":"assistant","content":[{"type":"text","text":"one "},{"type":"text","text":"two"}]}]""");
        Assert.Equal("<one two", template.Render(message, continueFinalMessage: true));
    }

    [Fact]
    public void Renders_on_many_threads_at_once()
    {
        var template = ChatTemplate.Parse(ChatMl);
        Parallel.For(0, 200, i => Assert.Contains($"message {i}", template.Render([ChatMessage.User($"message {i}")]), StringComparison.Ordinal));
    }

    [Fact]
    public void A_message_needs_a_role() => Assert.Contains("needs the field 'role'",
        Assert.Throws<ArgumentException>(() => ChatMessage.ParseList("""[{"content":"x"}]""")).Message, StringComparison.Ordinal);
}
