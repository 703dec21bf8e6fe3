using System.Text.Json;

namespace Fathom.Tokenization.Tests.Files;

public sealed class TokenizerFolderTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fathom-tokenizer");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Reads_special_tokens_lengths_stops_and_templates_beside_the_tokenizer()
    {
        Write("tokenizer.json", TinyTokenizer.Json());
        Write("tokenizer_config.json", new
        {
            bos_token = new { content = "<|end|>", lstrip = false },
            eos_token = "<|end|>",
            model_max_length = 128,
            chat_template = "{{ messages }}",
        });
        Write("special_tokens_map.json", new { pad_token = "<|end|>" });
        Write("generation_config.json", new { eos_token_id = new[] { 256, 7 } });

        var tokenizer = Tokenizer.FromFolder(_folder.FullName);

        Assert.Equal(("<|end|>", 256), (tokenizer.BosToken, tokenizer.BosId));
        Assert.Equal(256, tokenizer.PadId);
        Assert.Equal([256, 7], tokenizer.StopIds);
        Assert.Equal(128, tokenizer.ModelMaxLength);
        Assert.Equal("{{ messages }}", tokenizer.ChatTemplate);
        Assert.False(tokenizer.AddsBos);
    }

    [Fact]
    public void A_text_longer_than_the_model_takes_is_never_cut_in_silence()
    {
        var json = TinyTokenizer.Json();
        json["truncation"] = new { max_length = 2, strategy = "LongestFirst", stride = 0, direction = "Right" };
        Write("tokenizer.json", json);

        var tokenizer = Tokenizer.FromFolder(_folder.FullName);

        Assert.Equal(5, tokenizer.Encode("hello").Length);
        Assert.Equal(2, tokenizer.Encode("hello", tokenizer.FileOptions).Length);
    }

    [Theory]
    [InlineData("LlamaTokenizerFast", true, true)]
    [InlineData("GPT2Tokenizer", true, true)]
    [InlineData("PreTrainedTokenizerFast", true, false)]
    [InlineData("LlamaTokenizer", false, false)]
    public void The_bos_flag_counts_for_the_classes_that_read_it(string name, bool flag, bool expected)
    {
        Write("tokenizer.json", TinyTokenizer.Json());
        Write("tokenizer_config.json", new { tokenizer_class = name, bos_token = "<|end|>", add_bos_token = flag });

        var tokenizer = Tokenizer.FromFolder(_folder.FullName);

        Assert.Equal(expected, tokenizer.AddsBos);
        Assert.Equal(expected ? [256, 'h'] : ['h'], tokenizer.EncodeToIds("h"));
    }

    [Fact]
    public void Bos_is_put_there_once_where_the_template_already_does_and_the_flag_asks_for_it_too()
    {
        var json = TinyTokenizer.Json();
        json["post_processor"] = Template();
        Write("tokenizer.json", json);
        Write("tokenizer_config.json", new { tokenizer_class = "LlamaTokenizer", bos_token = "<|end|>", add_bos_token = true });

        var tokenizer = Tokenizer.FromFolder(_folder.FullName);

        Assert.Equal([256, 'h'], tokenizer.EncodeToIds("h"));
        Assert.Equal(['h'], tokenizer.EncodeToIds("h", addSpecialTokens: false));
        Assert.Equal([256], tokenizer.PrefixIds);
    }

    [Fact]
    public void A_bos_flag_set_to_false_takes_the_template_away()
    {
        var json = TinyTokenizer.Json();
        json["post_processor"] = Template();
        Write("tokenizer.json", json);
        Write("tokenizer_config.json", new { tokenizer_class = "LlamaTokenizer", bos_token = "<|end|>", add_bos_token = false });

        Assert.Equal(['h'], Tokenizer.FromFolder(_folder.FullName).EncodeToIds("h"));
    }

    [Fact]
    public void Refuses_a_bos_flag_without_a_bos_token()
    {
        Write("tokenizer.json", TinyTokenizer.Json());
        Write("tokenizer_config.json", new { tokenizer_class = "LlamaTokenizer", add_bos_token = true });

        var error = Assert.Throws<TokenizerFormatException>(() => Tokenizer.FromFolder(_folder.FullName));

        Assert.Contains("add_bos_token: is true, but there is no such token", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tokens_that_only_the_configuration_names_are_added_at_their_id()
    {
        Write("tokenizer.json", TinyTokenizer.Json());
        Write("tokenizer_config.json", new { added_tokens_decoder = new Dictionary<string, object> { ["257"] = new { content = "<new>", special = true } } });

        Assert.Equal([257], Tokenizer.FromFolder(_folder.FullName).EncodeToIds("<new>"));
    }

    [Fact]
    public void Refuses_files_that_give_one_token_two_ids()
    {
        Write("tokenizer.json", TinyTokenizer.Json());
        Write("added_tokens.json", new Dictionary<string, int> { ["<|end|>"] = 7 });

        var error = Assert.Throws<TokenizerFormatException>(() => Tokenizer.FromFolder(_folder.FullName));

        Assert.Contains("the id 7, the tokenizer gives it 256", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Reads_vocab_json_with_merges_txt_as_the_class_says()
    {
        var vocab = new Dictionary<string, int>();
        for (var b = 0; b < 256; b++)
        {
            vocab[Text.ByteAlphabet.ToChar((byte)b).ToString()] = b;
        }

        vocab["hi"] = 256;
        Write("vocab.json", vocab);
        File.WriteAllText(Path.Combine(_folder.FullName, "merges.txt"), "#version: 0.2\nh i\n");

        Assert.Equal([256], Tokenizer.FromFolder(_folder.FullName).EncodeToIds("hi"));

        Write("tokenizer_config.json", new { tokenizer_class = "CLIPTokenizer" });
        var error = Assert.Throws<TokenizerFormatException>(() => Tokenizer.FromFolder(_folder.FullName));
        Assert.Contains("CLIPTokenizer", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Reads_vocab_txt()
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "vocab.txt"), "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nhello\nwor\n##ld\n!\n");
        Write("tokenizer_config.json", new { do_lower_case = true, tokenizer_class = "BertTokenizer" });

        var tokenizer = Tokenizer.FromFolder(_folder.FullName);

        Assert.Equal([2, 5, 6, 7, 8, 4, 3], tokenizer.EncodeToIds("Héllo world! [MASK]"));
        Assert.Equal("hello world!", tokenizer.Decode([5, 6, 7, 8]));
    }

    [Fact]
    public void Names_what_it_looked_for_in_a_folder_without_a_tokenizer()
    {
        var error = Assert.Throws<TokenizerFormatException>(() => Tokenizer.FromFolder(_folder.FullName));

        Assert.Contains("vocab.json with merges.txt", error.Message, StringComparison.Ordinal);
        Assert.Throws<DirectoryNotFoundException>(() => Tokenizer.FromFolder(Path.Combine(_folder.FullName, "nowhere")));
    }

    private static object Template() => new
    {
        type = "TemplateProcessing",
        single = new object[] { new { SpecialToken = new { id = "<|end|>", type_id = 0 } }, new { Sequence = new { id = "A", type_id = 0 } } },
        pair = new object[] { new { Sequence = new { id = "A", type_id = 0 } }, new { Sequence = new { id = "B", type_id = 1 } } },
        special_tokens = new Dictionary<string, object> { ["<|end|>"] = new { id = "<|end|>", ids = new[] { 256 }, tokens = new[] { "<|end|>" } } },
    };

    private void Write(string name, object content) => File.WriteAllBytes(Path.Combine(_folder.FullName, name), JsonSerializer.SerializeToUtf8Bytes(content));
}
