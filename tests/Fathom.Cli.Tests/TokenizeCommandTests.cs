namespace Fathom.Cli.Tests;

public sealed class TokenizeCommandTests : IDisposable
{
    private static readonly string Tiny = TinyTokenizer();

    private readonly string _folder = Directory.CreateTempSubdirectory("fathom-tokenize-").FullName;

    public TokenizeCommandTests() => File.WriteAllText(Path.Combine(_folder, "tokenizer.json"), Tiny);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Shows_ids_pieces_bytes_and_special_tokens()
    {
        Assert.Equal("pos\tid\ttoken\tbytes\tspecial\n0\t257\t<s>\t3c 73 3e\tspecial\n1\t256\tab\t61 62\t\n2\t32\t·\t20\t\n3\t97\ta\t61\t\n", Run("<s>ab a").Output);
    }

    [Fact]
    public void Reads_standard_input_and_files()
    {
        var piped = CliRun.Of(["tokenize", "-m", _folder], input: "ab a\n");
        Assert.Equal(ExitCode.Success, piped.Code);
        Assert.Equal(Run("ab a").Output, piped.Output);
        var file = Path.Combine(_folder, "text.txt");
        File.WriteAllText(file, "ab a");
        Assert.Equal(piped.Output, CliRun.Of(["tokenize", "-m", _folder, "--file", file]).Output);
    }

    [Fact]
    public void Json_is_the_documented_contract()
    {
        var json = CliRun.Of(["tokenize", "-m", _folder, "ab", "--json"]).Json();
        Assert.Equal(["schema", "tool_version", "model", "text", "vocabulary", "tokens"], json.EnumerateObject().Select(member => member.Name));
        var token = json.GetProperty("tokens")[0];
        Assert.Equal(["id", "piece", "text", "display", "start", "end", "special"], token.EnumerateObject().Select(member => member.Name));
        Assert.Equal((256, "ab", 0, 2), (token.GetProperty("id").GetInt32(), token.GetProperty("text").GetString(), token.GetProperty("start").GetInt32(), token.GetProperty("end").GetInt32()));
    }

    [Fact]
    public void Refuses_what_it_cannot_tokenize()
    {
        CliRun.Of(["tokenize", "-m", _folder]).Failed(ExitCode.Usage, "TEXT is missing");
        CliRun.Of(["tokenize", "-m", _folder, "a", "--file", "b"]).Failed(ExitCode.Usage, "not both");
        CliRun.Of(["tokenize", "-m", _folder, "--file", Path.Combine(_folder, "nothing")]).Failed(ExitCode.NotFound, "There is no file");
        CliRun.Of(["tokenize", "-m", "./no-such-folder", "a"]).Failed(ExitCode.NotFound, "no-such-folder");
        CliRun.Of(["tokenize", "-m", "gpt2-smal", "a"]).Failed(ExitCode.NotFound, "gpt2-small");
        File.WriteAllText(Path.Combine(_folder, "tokenizer.json"), Tiny[..200]);
        Run("a").Failed(ExitCode.Failure, "tokenizer.json");
    }

    private CliRun Run(string text) => CliRun.Of(["tokenize", "-m", _folder, text]);

    // Every byte, one merge, and a beginning-of-text token. Bytes that do not print are spelled from U+0100 on, as GPT-2 does.
    private static string TinyTokenizer()
    {
        var next = 0x100;
        var vocabulary = Enumerable.Range(0, 256).ToDictionary(b => (b is (>= 33 and <= 126) or (>= 161 and <= 172) or >= 174 ? (char)b : (char)next++).ToString(), b => b);
        vocabulary["ab"] = 256;
        return $$"""
            {
              "version": "1.0", "truncation": null, "padding": null, "normalizer": null,
              "added_tokens": [{ "id": 257, "content": "<s>", "single_word": false, "lstrip": false, "rstrip": false, "normalized": false, "special": true }],
              "pre_tokenizer": { "type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true },
              "post_processor": { "type": "ByteLevel", "add_prefix_space": true, "trim_offsets": false, "use_regex": true },
              "decoder": { "type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true, "use_regex": true },
              "model": { "type": "BPE", "dropout": null, "unk_token": null, "continuing_subword_prefix": "", "end_of_word_suffix": "", "fuse_unk": false, "byte_fallback": false,
                "vocab": {{System.Text.Json.JsonSerializer.Serialize(vocabulary)}}, "merges": ["a b"] }
            }
            """;
    }
}
