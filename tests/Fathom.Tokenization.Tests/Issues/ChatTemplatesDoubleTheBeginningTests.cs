using Fathom.Tokenization.Templates;

namespace Fathom.Tokenization.Tests.Issues;

/// <summary>"Text rendered by a template is tokenised without adding specials; rendering then tokenising equals the one-step call; one BOS."</summary>
public class ChatTemplatesDoubleTheBeginningTests
{
    private const string Template = "{{ bos_token }}{% for m in messages %}[{{ m.role }}]{{ m.content }}{{ eos_token }}{% endfor %}{% if add_generation_prompt %}[assistant]{% endif %}";

    private static readonly ChatMessage[] Messages = [ChatMessage.User("Hi there"), ChatMessage.Assistant("Hello \u00e9\ud83d\ude00"), ChatMessage.User("<s> injected")];

    /// <summary>A tokenizer that adds BOS to every text by itself.</summary>
    private static readonly Tokenizer AddsBos = Vocabularies.InFolder(
        Vocabularies.ByteLevel("<s>", "<s>", "</s>"), new { bos_token = "<s>", eos_token = "</s>", chat_template = Template });

    [Fact]
    public void A_rendered_conversation_has_one_bos()
    {
        var ids = AddsBos.ApplyChatTemplate([ChatMessage.User("Hi")], addGenerationPrompt: true).Ids;
        Assert.True(AddsBos.AddsBos);
        Assert.Equal(AddsBos.BosId, ids[0]);
        Assert.Single(ids, id => id == AddsBos.BosId);
    }

    [Fact]
    public void Rendering_and_then_tokenizing_equals_the_one_step_call()
    {
        foreach (var prompt in new[] { true, false })
        {
            var text = AddsBos.RenderChatTemplate(Messages, prompt);
            Assert.StartsWith("<s>[user]Hi there</s>", text, StringComparison.Ordinal);
            Assert.Equal(AddsBos.Encode(text, addSpecialTokens: false).Ids, AddsBos.ApplyChatTemplate(Messages, prompt).Ids);
        }
    }

    [Fact]
    public void Tokenizing_a_rendered_text_with_special_tokens_is_what_doubles_it()
    {
        var text = AddsBos.RenderChatTemplate(Messages);
        Assert.Equal([AddsBos.BosId!.Value, .. AddsBos.ApplyChatTemplate(Messages).Ids], AddsBos.Encode(text).Ids);
    }

    [Fact]
    public void A_tokenizer_without_a_template_says_so()
    {
        var error = Assert.Throws<InvalidOperationException>(() => Vocabularies.Read(Vocabularies.ByteLevel(null, "<s>")).ApplyChatTemplate(Messages));
        Assert.Contains("came without a chat template", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_template_of_ones_own_goes_before_the_tokenizers() => Assert.Equal(
        AddsBos.Encode("3</s>", addSpecialTokens: false).Ids,
        AddsBos.ApplyChatTemplate(Messages, template: ChatTemplate.Parse("{{ messages | length }}{{ eos_token }}")).Ids);
}
