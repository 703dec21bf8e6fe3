using System.Text;
using System.Text.Json;
using Fathom.Loading.Checkpoints;
using Fathom.Loading.Checkpoints.Quantized;
using Fathom.Native;

namespace Fathom.Tests.Loading.Checkpoints.Quantized;

public sealed class QuantizedCheckpointTests
{
    public QuantizedCheckpointTests() => NativeLibraries.EnsureLoaded();

    [Theory]
    [InlineData("gptq", 1)]
    [InlineData("gptq_v2", 0)]
    public void Unpacks_gptq_with_groups_in_any_order(string format, int zeroOffset)
    {
        // 8 inputs, 8 outputs, 4 bits, 2 groups that g_idx interleaves: q[i, o] = (i + 3·o) mod 16, zero[g, o] = (5·g + o) mod 16.
        int[] words = new int[8], zeros = new int[2], order = [0, 1, 0, 1, 0, 1, 0, 1];
        for (var o = 0; o < 8; o++)
        {
            for (var i = 0; i < 8; i++)
            {
                words[o] |= Code(i, o) << (4 * i);
            }

            for (var g = 0; g < 2; g++)
            {
                zeros[g] |= ((Zero(g, o) - zeroOffset) & 15) << (4 * o);
            }
        }

        var scales = torch.arange(16, dtype: torch.float32).view(2, 8).add(1).to(torch.float16);
        using var file = QuantizedCheckpoint.Wrap(
            MemoryCheckpoint.Of(("m.qweight", torch.tensor(words).view(1, 8)), ("m.qzeros", torch.tensor(zeros).view(2, 1)), ("m.scales", scales), ("m.g_idx", torch.tensor(order)), ("m.bias", torch.ones(8)), ("norm.weight", torch.ones(4))),
            Json($$"""{"quant_method":"gptq","bits":4,"group_size":4,"desc_act":true,"checkpoint_format":"{{format}}"}"""));

        Assert.Equal(["m.bias", "m.weight", "norm.weight"], file.Tensors.Keys.Order());
        Assert.Equal([8L, 8], file.Tensors["m.weight"].Shape);
        var expected = from o in Enumerable.Range(0, 8) from i in Enumerable.Range(0, 8) select (float)(((8 * (i % 2)) + o + 1) * (Code(i, o) - Zero(i % 2, o)));
        Assert.Equal(expected, MemoryCheckpoint.Floats(file, "m.weight"));

        static int Code(int i, int o) => (i + (3 * o)) % 16;
        static int Zero(int g, int o) => ((5 * g) + o) % 16;
    }

    [Fact]
    public void Unpacks_awq_in_its_order_of_outputs()
    {
        // One word holds outputs 0 2 4 6 1 3 5 7, lowest nibble first.
        var word = unchecked((int)0x7531_6420);
        using var file = QuantizedCheckpoint.Wrap(
            MemoryCheckpoint.Of(("m.qweight", torch.tensor(new[] { word, word }).view(2, 1)), ("m.qzeros", torch.tensor(new[] { 0x1111_1111 }).view(1, 1)), ("m.scales", torch.full([1, 8], 0.5f, dtype: torch.float16))),
            Json("""{"quant_method":"awq","bits":4,"group_size":2,"version":"gemm","zero_point":true}"""));
        Assert.Equal([8L, 2], file.Tensors["m.weight"].Shape);
        Assert.Equal(from o in Enumerable.Range(0, 8) from i in Enumerable.Range(0, 2) select 0.5f * (o - 1), MemoryCheckpoint.Floats(file, "m.weight"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Unpacks_bitsandbytes_4_bit_with_plain_and_packed_scales(bool nested)
    {
        // Three blocks of 64 in a [3, 64] matrix; the code of value i is i mod 16, the table is 0..15 / 8.
        var codes = torch.tensor(Enumerable.Range(0, 96).Select(k => (byte)(((2 * k % 16) << 4) | (((2 * k) + 1) % 16))).ToArray()).view(96, 1);
        var table = torch.arange(16, dtype: torch.float32).div(8);
        var state = """{"quant_type":"nf4","blocksize":64,"dtype":"bfloat16","shape":[3,64]""" + (nested ? ""","nested_blocksize":2,"nested_dtype":"float32","nested_offset":0.25}""" : "}");
        List<(string, Tensor)> parts = [("w.weight", codes), ("w.weight.quant_map", table), ("w.weight.quant_state.bitsandbytes__nf4", torch.tensor(Encoding.UTF8.GetBytes(state)))];
        parts.AddRange(nested
            ? [("w.weight.absmax", torch.tensor(new byte[] { 4, 8, 12 })), ("w.weight.nested_quant_map", torch.arange(256, dtype: torch.float32).div(16)), ("w.weight.nested_absmax", torch.tensor(new[] { 2f, 4f }))]
            : [("w.weight.absmax", torch.tensor(new[] { 0.75f, 1.25f, 3.25f }))]);
        using var file = QuantizedCheckpoint.Wrap(MemoryCheckpoint.Of([.. parts]), null);
        Assert.Equal(StoredType.BF16, file.Tensors["w.weight"].Type);
        Assert.Equal([3L, 64], file.Tensors["w.weight"].Shape);
        Assert.Equal(["w.weight"], file.Tensors.Keys);

        float[] scales = [0.75f, 1.25f, 3.25f];
        var expected = Enumerable.Range(0, 192).Select(i => Bf16(i % 16 / 8f * scales[i / 64]));
        Assert.Equal(expected, MemoryCheckpoint.Floats(file, "w.weight"));
    }

    [Fact]
    public void Unpacks_bitsandbytes_8_bit_rows()
    {
        using var file = QuantizedCheckpoint.Wrap(
            MemoryCheckpoint.Of(("w.weight", torch.tensor(new sbyte[] { 127, -127, 1, 0 }).view(2, 2)), ("w.SCB", torch.tensor(new[] { 2f, 127f })), ("w.weight_format", torch.tensor(new byte[] { 0 }))),
            Json("""{"quant_method":"bitsandbytes","load_in_8bit":true}"""));
        var values = MemoryCheckpoint.Floats(file, "w.weight");
        Assert.Equal([2f, -2f, 1f, 0f], values.Select(v => MathF.Round(v, 5)));
        Assert.Equal(["w.weight"], file.Tensors.Keys);
    }

    [Fact]
    public void Unpacks_mxfp4_experts_transposed()
    {
        // Expert e, output o, one block: nibbles count 0..31 mod 16, the power is 2^(o - e).
        var block = Enumerable.Range(0, 16).Select(k => (byte)((2 * k % 16) | ((((2 * k) + 1) % 16) << 4))).ToArray();
        using var file = QuantizedCheckpoint.Wrap(
            MemoryCheckpoint.Of(("x.gate_up_proj_blocks", torch.tensor(Enumerable.Repeat(block, 6).SelectMany(b => b).ToArray()).view(2, 3, 1, 16)), ("x.gate_up_proj_scales", torch.tensor(new byte[] { 127, 128, 129, 126, 127, 128 }).view(2, 3, 1))),
            Json("""{"quant_method":"mxfp4"}"""));
        float[] table = [0, 0.5f, 1, 1.5f, 2, 3, 4, 6, -0f, -0.5f, -1, -1.5f, -2, -3, -4, -6];
        Assert.Equal([2L, 32, 3], file.Tensors["x.gate_up_proj"].Shape);
        var expected = from e in Enumerable.Range(0, 2) from i in Enumerable.Range(0, 32) from o in Enumerable.Range(0, 3) select table[i % 16] * MathF.ScaleB(1, o - e);
        Assert.Equal(expected, MemoryCheckpoint.Floats(file, "x.gate_up_proj"));
    }

    [Fact]
    public void Unpacks_fp8_blocks_cut_at_the_edges()
    {
        // 3 x 5 ones in blocks of 2 x 2: every value is its block's scale.
        using var ones = FixturePackFloat8();
        using var file = QuantizedCheckpoint.Wrap(ones, Json("""{"quant_method":"fp8","weight_block_size":[2,2]}"""));
        Assert.Equal([1f, 1, 2, 2, 3, 1, 1, 2, 2, 3, 4, 4, 5, 5, 6], MemoryCheckpoint.Floats(file, "m.weight"));
        Assert.Equal(["m.weight"], file.Tensors.Keys);
    }

    [Fact]
    public void A_checkpoint_with_nothing_packed_is_returned_as_it_is()
    {
        using var file = MemoryCheckpoint.Of(("a.weight", torch.ones(2)));
        Assert.Same(file, QuantizedCheckpoint.Wrap(file, null));
    }

    [Theory]
    [InlineData("""{"quant_method":"aqlm"}""", "the method 'aqlm', which is not read")]
    [InlineData("""{"quant_method":"gptq","bits":3,"group_size":128}""", "GPTQ with 3 bits")]
    [InlineData("""{"quant_method":"gptq","bits":4,"group_size":4,"checkpoint_format":"marlin"}""", "'marlin'")]
    [InlineData("""{"quant_method":"awq","bits":4,"group_size":128,"version":"gemv"}""", "'gemv'")]
    [InlineData("""{"quant_method":"gptq","bits":"four"}""", "an integer is expected")]
    [InlineData("""{"quant_method":"gptq","bits":4,"group_size":128}""", "scales for 2")]
    [InlineData("""{"bits":4}""", "has no quant_method")]
    [InlineData(null, "no quantization_config that says how")]
    public void Refuses_by_name_what_it_cannot_unpack(string? config, string reason)
    {
        using var file = MemoryCheckpoint.Of(("m.qweight", torch.zeros(1, 8, dtype: torch.int32)), ("m.qzeros", torch.zeros(2, 1, dtype: torch.int32)), ("m.scales", torch.ones(2, 8, dtype: torch.float16)));
        var e = Assert.Throws<InvalidCheckpointException>(() => QuantizedCheckpoint.Wrap(file, config is null ? null : Json(config)));
        Assert.Contains(reason, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_the_missing_part_of_a_packed_weight()
    {
        using var file = MemoryCheckpoint.Of(("m.qweight", torch.zeros(1, 8, dtype: torch.int32)), ("m.scales", torch.ones(2, 8, dtype: torch.float16)));
        var e = Assert.Throws<InvalidCheckpointException>(() => QuantizedCheckpoint.Wrap(file, Json("""{"quant_method":"gptq","bits":4,"group_size":4}""")));
        Assert.Contains("'m.qzeros' is missing", e.Message, StringComparison.Ordinal);
    }

    private static JsonElement Json(string text)
    {
        using var json = JsonDocument.Parse(text);
        return json.RootElement.Clone();
    }

    private static float Bf16(float value)
    {
        using Tensor tensor = torch.tensor(value), rounded = tensor.to(torch.bfloat16), back = rounded.to(torch.float32);
        return back.item<float>();
    }

    /// <summary>A safetensors file with 15 codes of 1.0 in fp8, which no tensor type here can make.</summary>
    private static Fathom.Loading.Checkpoints.Safetensors.SafetensorsFile FixturePackFloat8()
    {
        var header = """{"m.weight":{"dtype":"F8_E4M3","shape":[3,5],"data_offsets":[0,15]},"m.weight_scale_inv":{"dtype":"F32","shape":[2,3],"data_offsets":[15,39]}}"""u8;
        byte[] scales = [.. new float[] { 1, 2, 3, 4, 5, 6 }.SelectMany(BitConverter.GetBytes)];
        byte[] bytes = [.. BitConverter.GetBytes((long)header.Length), .. header, .. Enumerable.Repeat((byte)0x38, 15), .. scales];
        return new(new Fathom.Loading.Checkpoints.Bytes.MemorySource("fp8", bytes));
    }
}
