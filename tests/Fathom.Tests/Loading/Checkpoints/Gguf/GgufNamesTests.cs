using System.Text.Json;
using System.Text.Json.Nodes;
using Fathom.Loading.Checkpoints.Bytes;
using Fathom.Loading.Checkpoints.Gguf;

namespace Fathom.Tests.Loading.Checkpoints.Gguf;

public sealed class GgufNamesTests
{
    private static readonly FixturePack Pack = FixturePack.Open("gguf-arch");

    public static TheoryData<string> Models => [.. Pack.Files.Keys.Where(f => f.EndsWith(".gguf", StringComparison.Ordinal)).Select(f => Path.GetFileNameWithoutExtension(f))];

    [Theory]
    [MemberData(nameof(Models))]
    public void Gives_every_tensor_the_name_that_the_family_uses(string model)
    {
        var expected = Pack.Json("arch/results.json").GetProperty(model).GetProperty("map").EnumerateObject().Select(p => model == "gpt-neox" && p.Name == "output.weight" ? "embed_out.weight" : p.Value.GetString()!).Order(StringComparer.Ordinal);
        using var checkpoint = Translate(model).Checkpoint;
        Assert.Equal(expected, checkpoint.Tensors.Keys.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Writes_the_config_that_the_family_s_reader_expects(string model)
    {
        var translation = Translate(model);
        using var checkpoint = translation.Checkpoint;
        var wanted = JsonNode.Parse(Pack.Files[$"arch/{model}.config.json"])!.AsObject();
        Assert.Empty(translation.Notices);
        foreach (var (key, value) in translation.Config)
        {
            if (key is "architectures" or "pad_token_id" || value is null)
            {
                continue;
            }

            // Two spellings of one thing: GPT-2's n_inner null means 4 · d_model.
            var other = (model, key) switch
            {
                ("gpt2", "n_inner") => JsonValue.Create(4 * 48),
                _ => wanted[key],
            };
            Assert.True(Same(value, other), $"{model}: {key} is {value.ToJsonString()}, the family's config says {other?.ToJsonString() ?? "nothing"}");
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Reads_every_tensor_in_the_shape_it_announces(string model)
    {
        using var checkpoint = Translate(model).Checkpoint;
        foreach (var stored in checkpoint.Tensors.Values)
        {
            using var tensor = checkpoint.Read(stored.Name);
            Assert.Equal(stored.Shape, tensor.shape);
            Assert.True(tensor.is_contiguous());
        }
    }

    [Fact]
    public void Undoes_the_row_permutation_of_llama_head_by_head()
    {
        using var file = Open("llama-gqa");
        using var translation = GgufNames.Translate(file).Checkpoint;
        using Tensor stored = file.Read("blk.0.attn_k.weight"), read = translation.Read("model.layers.0.self_attn.k_proj.weight");

        // Head 1 of 2, d_head 16: stored row 2i is dimension i, stored row 2i + 1 is dimension 8 + i.
        for (var i = 0; i < 8; i++)
        {
            Assert.True(stored[16 + (2 * i)].equal(read[16 + i]).all().ToBoolean());
            Assert.True(stored[16 + (2 * i) + 1].equal(read[24 + i]).all().ToBoolean());
        }
    }

    [Fact]
    public void Gemma_norms_already_hold_the_one_that_hugging_face_adds()
    {
        using var file = Open("gemma");
        using var translation = GgufNames.Translate(file).Checkpoint;
        using Tensor stored = file.Read("output_norm.weight"), read = translation.Read("model.norm.weight");
        Assert.Equal(stored.data<float>().Select(v => v - 1f), read.data<float>().ToArray());
    }

    [Fact]
    public void A_tensor_that_no_rule_wants_is_an_error_with_the_nearest_name()
    {
        var bytes = (byte[])Pack.Files["arch/qwen2.gguf"].Clone();
        var at = bytes.AsSpan().IndexOf("blk.0.attn_q.weight"u8);
        "blk.0.attn_z.weight"u8.CopyTo(bytes.AsSpan(at));
        using var file = GgufCheckpoint.Open([new MemorySource("renamed", bytes)]);
        var e = Assert.Throws<Fathom.Loading.Checkpoints.InvalidCheckpointException>(() => GgufNames.Translate(file));
        Assert.Contains("'blk.0.attn_z.weight' has no meaning in a 'qwen2' model. The nearest known: 'attn_", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_metadata_key_nobody_read_is_an_error()
    {
        var bytes = (byte[])Pack.Files["arch/qwen2.gguf"].Clone();
        var at = bytes.AsSpan().IndexOf("qwen2.rope.freq_base"u8);
        "qwen2.rope.freq_bend"u8.CopyTo(bytes.AsSpan(at));
        using var file = GgufCheckpoint.Open([new MemorySource("renamed", bytes)]);
        var e = Assert.Throws<Fathom.Loading.Checkpoints.InvalidCheckpointException>(() => GgufNames.Translate(file));
        Assert.Contains("qwen2.rope.freq_bend", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Frequency_factors_missing_though_the_family_scales_them_is_a_notice()
    {
        var bytes = (byte[])Pack.Files["arch/llama-gqa.gguf"].Clone();
        var at = bytes.AsSpan().IndexOf("llama.context_length"u8) + 20 + 4;
        BitConverter.TryWriteBytes(bytes.AsSpan(at), 131_072);
        var notice = Assert.Single(GgufNames.Translate(GgufCheckpoint.Open([new MemorySource("old", bytes)])).Notices);
        Assert.Contains("rope_freqs.weight is missing", notice, StringComparison.Ordinal);
    }

    [Fact]
    public void Survives_mutations_of_metadata_and_names()
    {
        const int Header = 6_000;
        string[] models = ["gemma3", "falcon", "llama3-rope", "gpt2"];
        var next = 0;
        MutationRun.Run([.. models.Select(m => Pack.Files[$"arch/{m}.gguf"][..Header])], header =>
        {
            var rest = Pack.Files[$"arch/{models[next++ % models.Length]}.gguf"].AsSpan(Header);
            using var file = GgufCheckpoint.Open([new MemorySource("mutant", (byte[])[.. header, .. rest])]);
            GgufVocabulary.Read(file);
            GgufNames.Translate(file);
        }, share: 10);
    }

    private static GgufCheckpoint Open(string model) => GgufCheckpoint.Open([new MemorySource(model, Pack.Files[$"arch/{model}.gguf"])]);

    private static GgufTranslation Translate(string model) => GgufNames.Translate(Open(model));

    /// <summary>Equal as JSON, numbers by value.</summary>
    private static bool Same(JsonNode? a, JsonNode? b) => (a, b) switch
    {
        (JsonObject x, JsonObject y) => x.All(p => Same(p.Value, y[p.Key])),
        (JsonArray x, JsonArray y) => x.Count == y.Count && x.Zip(y).All(p => Same(p.First, p.Second)),
        (JsonValue x, JsonValue y) when x.GetValueKind() == JsonValueKind.Number && y.GetValueKind() == JsonValueKind.Number => double.Parse(x.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture) == double.Parse(y.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture),
        _ => JsonNode.DeepEquals(a, b),
    };
}
