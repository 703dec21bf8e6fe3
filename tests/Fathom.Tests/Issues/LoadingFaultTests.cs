using System.Text.Json.Nodes;
using Fathom.Activations;
using Fathom.Loading;
using Fathom.Loading.Checkpoints;
using Fathom.Models;
using Fathom.Tests.Conformance;
using Fathom.Tests.Fixtures;
using Fathom.Tests.Loading.Checkpoints.Gguf;
using Fathom.Tokenization;

namespace Fathom.Tests.Issues;

/// <summary>Faults of loading that users met elsewhere.</summary>
public sealed class LoadingFaultTests
{
    private const string Head = "lm_head.weight";
    private const string Embedding = "model.embed_tokens.weight";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Tied_weights_with_one_name_missing_give_the_logits_of_the_full_file(bool headMissing)
    {
        using var scope = torch.NewDisposeScope();
        var ids = Family.Ids("qwen2-tied");
        using var full = HookedTransformer.FromPretrained(Changed("qwen2-tied", t => t[Head] = t[Embedding]), Processing.None);
        using var one = HookedTransformer.FromPretrained(Changed("qwen2-tied", t =>
        {
            t[Head] = t[Embedding];
            t.Remove(headMissing ? Head : Embedding);
        }), Processing.None);

        Assert.Equal(0, Golden.Distance(full.Forward(ids), one.Forward(ids)));
        Assert.NotNull(one.Unembed.WU.TiedTo);
        Assert.NotNull(full.Unembed.WU.TiedTo);
    }

    [Fact]
    public void An_untied_model_without_a_head_is_refused_by_tensor_and_key()
    {
        using var scope = torch.NewDisposeScope();
        var error = Assert.Throws<CheckpointMismatchException>(() => HookedTransformer.FromPretrained(Changed("llama", t => t.Remove(Head))));
        Assert.Contains(Head, error.Message, StringComparison.Ordinal);
        Assert.Contains("tie_word_embeddings", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tied_by_config_and_stored_twice_and_different_is_in_the_report_and_in_every_results_provenance()
    {
        using var scope = torch.NewDisposeScope();
        var (model, report) = HookedTransformer.LoadPretrained(Changed("qwen2-tied", t => t[Head] = t[Embedding].mul(2)), Processing.None);
        using var owned = model;

        Assert.Contains(report.Notes, n => n.Contains("are separate: the config ties them", StringComparison.Ordinal));
        Assert.Contains("head as stored", model.Source.Processing, StringComparison.Ordinal);
    }

    [Fact]
    public void A_renamed_tensor_is_refused_with_the_nearest_stored_name()
    {
        using var scope = torch.NewDisposeScope();
        var error = Assert.Throws<CheckpointMismatchException>(() => HookedTransformer.FromPretrained(Changed("llama", t =>
        {
            t["model.word_embed_tokens.weight"] = t[Embedding];
            t.Remove(Embedding);
        })));
        Assert.Contains("model.word_embed_tokens.weight", error.Message, StringComparison.Ordinal);
        Assert.Contains(Embedding, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("BF16")]
    [InlineData("F16")]
    public void The_bits_of_16_bit_words_survive_loading_and_saving(string type)
    {
        using var scope = torch.NewDisposeScope();
        // Subnormals, both zeros, the largest numbers, infinities, and not-a-numbers with payloads.
        ushort[] words = [0x0001, 0x007f, 0x8000, 0, 0x7bff, 0x7f7f, 0x7c00, 0x7f80, 0x7fc1, 0x7e55, 0xffff, 0x3f81];
        var header = $$$"""{"words":{"dtype":"{{{type}}}","shape":[12],"data_offsets":[0,24]}}""";
        var folder = Fixture.EmptyFolder();
        var path = Path.Combine(folder, "words.safetensors");
        byte[] data = [.. words.SelectMany(BitConverter.GetBytes)];
        File.WriteAllBytes(path, [.. BitConverter.GetBytes((long)header.Length), .. System.Text.Encoding.ASCII.GetBytes(header), .. data]);

        using var file = Checkpoint.Open(path);
        var read = file.Read("words");
        SafetensorsWriter.Write(Path.Combine(folder, "again.safetensors"), new Dictionary<string, Tensor> { ["words"] = read });

        Assert.Equal(data, File.ReadAllBytes(Path.Combine(folder, "again.safetensors"))[^24..]);
        if (type == "BF16")
        {
            Assert.Equal(words.Select(w => w << 16), read.to(torch.float32).data<float>().ToArray().Select(BitConverter.SingleToInt32Bits));
        }
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("null")]
    [InlineData(null)]
    public void Sentinel_padding_ids_mean_none_and_padding_then_asks_for_a_choice(string? pad)
    {
        using var scope = torch.NewDisposeScope();
        using var model = HookedTransformer.FromPretrained(Changed("gpt2", _ => { }, c =>
        {
            c.Remove("pad_token_id");
            c["eos_token_id"] = null;
            if (pad is not null)
            {
                c["pad_token_id"] = JsonNode.Parse(pad);
            }
        }), Processing.None);
        Assert.Null(model.SpecialTokens.Pad);
        model.Tokenizer = Words();
        var error = Assert.Throws<TokenInputException>(() => model.ToTokens(["a", "a b"]));
        Assert.Contains("SpecialTokens with { Pad", error.Message, StringComparison.Ordinal);

        model.SpecialTokens = model.SpecialTokens with { Pad = 2 };
        using var logits = model.Forward(torch.tensor([0L, 1]).unsqueeze(0));
        Assert.False(logits.isnan().any().item<bool>());
    }

    [Fact]
    public void An_id_without_a_token_shows_as_one_and_decoding_does_not_throw()
    {
        using var scope = torch.NewDisposeScope();
        using var model = Family.Load("gpt2");
        model.Tokenizer = Words();

        Assert.Equal(113, model.Config.DVocab);
        Assert.Equal("<id 57>", model.ToSingleStrToken(57));
        Assert.Equal("<id 57>", model.Tokenizer.DisplayName(57));
        Assert.Equal("a", model.Tokenizer.Decode([0, 57]));
    }

    [Fact]
    public void A_multi_query_model_whose_config_repeats_the_head_count_has_one_key_value_head()
    {
        using var scope = torch.NewDisposeScope();
        using var model = Family.Load("falcon-7b-style");
        using var run = model.RunWithCache(Family.Ids("falcon-7b-style"));
        var (pattern, v, z) = (run.Cache["pattern", 1], run.Cache["v", 1], run.Cache["z", 1]);

        Assert.Equal(1, model.Config.NKeyValueHeads);
        Assert.Equal([2, 11, 1, model.Config.DHead], v.shape);
        Assert.True(Golden.Distance(torch.einsum("bhqk,bkd->bqhd", pattern, v.select(2, 0)), z) < 1e-6);
        // Values read as another part of the fused projection would not mix to z.
        Assert.True(Golden.Distance(torch.einsum("bhqk,bkd->bqhd", pattern, run.Cache["k", 1].select(2, 0)), z) > 1e-2);
    }

    [Theory]
    [InlineData("gemma")]
    [InlineData("gemma2")]
    [InlineData("gemma3")]
    public void GGUF_norms_of_Gemma_already_hold_the_one(string family) =>
        new GgufLogitsTests().A_translated_file_gives_the_logits_of_the_original_weights(
            GgufLogitsTests.Models.Select(m => (string)m).First(m => m.StartsWith(family, StringComparison.Ordinal) && (m.Length == family.Length || !char.IsDigit(m[family.Length]))));

    [Fact]
    public void A_revision_of_a_local_folder_is_refused()
    {
        var error = Assert.Throws<ArgumentException>(() => HookedTransformer.FromPretrained(Family.Folder("gpt2"), options: new() { Revision = "main" }));
        Assert.Contains("one version only", error.Message, StringComparison.Ordinal);
    }

    private static Tokenizer Words() => Tokenizer.FromJson("""{"version":"1.0","truncation":null,"padding":null,"added_tokens":[],"normalizer":null,"pre_tokenizer":{"type":"Whitespace"},"post_processor":null,"decoder":null,"model":{"type":"WordLevel","vocab":{"a":0,"b":1,"[UNK]":2},"unk_token":"[UNK]"}}"""u8);

    private static string Changed(string family, Action<Dictionary<string, Tensor>> tensors, Action<JsonObject>? config = null)
    {
        var folder = Fixture.EmptyFolder();
        using (var file = Checkpoint.Open(Path.Combine(Family.Folder(family), "model.safetensors")))
        {
            var all = file.Tensors.Keys.ToDictionary(n => n, file.Read);
            tensors(all);
            SafetensorsWriter.Write(Path.Combine(folder, "model.safetensors"), all);
        }

        var json = JsonNode.Parse(File.ReadAllText(Path.Combine(Family.Folder(family), "config.json")))!.AsObject();
        config?.Invoke(json);
        File.WriteAllText(Path.Combine(folder, "config.json"), json.ToJsonString());
        return folder;
    }
}
