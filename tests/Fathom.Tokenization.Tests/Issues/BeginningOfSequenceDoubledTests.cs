namespace Fathom.Tokenization.Tests.Issues;

/// <summary>"Tokenizers that add BOS themselves: never doubled, never inside an answer."</summary>
public class BeginningOfSequenceDoubledTests
{
    /// <summary>Llama: BOS from the file's template. OPT: EOS is BOS and is added. GPT-2: one token for all roles, none added.</summary>
    public static TheoryData<string> Styles => ["llama", "opt", "gpt2"];

    [Theory]
    [MemberData(nameof(Styles))]
    public void A_text_gets_its_beginning_once_or_not_at_all(string style)
    {
        var tokenizer = Make(style);
        var adds = style != "gpt2";
        Assert.Equal(adds, tokenizer.AddsBos);
        var plain = tokenizer.Encode(" Paris", addSpecialTokens: false).Ids;
        Assert.DoesNotContain(tokenizer.BosId!.Value, plain);
        Assert.Equal(adds ? [tokenizer.BosId.Value, .. plain] : plain, tokenizer.Encode(" Paris").Ids);
        Assert.Equal(tokenizer.Encode(" Paris").Ids, tokenizer.EncodeToIds(" Paris"));
        Assert.Equal(plain, tokenizer.EncodeToIds(" Paris", addSpecialTokens: false));
    }

    [Theory]
    [MemberData(nameof(Styles))]
    public void What_is_added_is_announced_so_that_nobody_adds_it_again(string style)
    {
        var tokenizer = Make(style);
        Assert.Equal(style == "gpt2" ? [] : [tokenizer.BosId!.Value], tokenizer.PrefixIds);
        Assert.Equal(tokenizer.PrefixIds, tokenizer.Encode("").Ids);
    }

    [Theory]
    [MemberData(nameof(Styles))]
    public void An_answer_tokenized_without_special_tokens_joins_its_prompt(string style)
    {
        var tokenizer = Make(style);
        int[] joined = [.. tokenizer.Encode("The capital is").Ids, .. tokenizer.Encode(" Paris", addSpecialTokens: false).Ids];
        Assert.Equal(tokenizer.Encode("The capital is Paris").Ids, joined);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [InlineData(null)]
    public void The_configuration_decides_where_it_says_anything(bool? addBosToken)
    {
        var json = Vocabularies.ByteLevel("<s>", "<s>", "</s>");
        var tokenizer = addBosToken is { } flag
            ? Vocabularies.InFolder(json, new { tokenizer_class = "LlamaTokenizer", bos_token = "<s>", eos_token = "</s>", add_bos_token = flag })
            : Vocabularies.InFolder(json, new { tokenizer_class = "LlamaTokenizer", bos_token = "<s>", eos_token = "</s>" });
        Assert.InRange(tokenizer.Encode("a").Ids.Count(id => id == tokenizer.BosId), 0, 1);
        Assert.Equal(tokenizer.AddsBos, tokenizer.Encode("a").Ids[0] == tokenizer.BosId);
        Assert.Equal(addBosToken ?? true, tokenizer.AddsBos);
    }

    private static Tokenizer Make(string style) => style switch
    {
        "llama" => Vocabularies.InFolder(Vocabularies.ByteLevel("<s>", "<s>", "</s>"), new { bos_token = "<s>", eos_token = "</s>" }),
        "opt" => Vocabularies.InFolder(Vocabularies.ByteLevel("</s>", "<pad>", "</s>"), new { bos_token = "</s>", eos_token = "</s>", pad_token = "<pad>" }),
        _ => Vocabularies.InFolder(Vocabularies.ByteLevel(null, "<|endoftext|>"), new { bos_token = "<|endoftext|>", eos_token = "<|endoftext|>" }),
    };
}
