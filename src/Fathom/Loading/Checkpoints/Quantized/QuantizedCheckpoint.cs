using System.Text.Json;

namespace Fathom.Loading.Checkpoints.Quantized;

/// <summary>Presents a checkpoint with packed weights as one with plain floating-point weights, unpacked one tensor at a time.</summary>
/// <remarks>
/// Read: GPTQ (2, 4, 8 bits), AWQ (gemm, 4 bits), bitsandbytes (nf4, fp4, LLM.int8), MXFP4 (gpt-oss), block-scaled fp8 (DeepSeek-V3).
/// Any other method is refused by its name. Results are exact products in fp32, except where the method itself rounds:
/// bitsandbytes 4-bit tensors have the type the file names, MXFP4 fits bf16 exactly.
/// </remarks>
public static class QuantizedCheckpoint
{
    /// <summary>Wraps a checkpoint if anything in it is packed.</summary>
    /// <param name="inner">The checkpoint as stored. Owned by the result.</param>
    /// <param name="quantization">The value of <c>quantization_config</c> in the model's config.json, or null when it has none.</param>
    /// <returns>The checkpoint itself when nothing is packed.</returns>
    /// <exception cref="InvalidCheckpointException">The method is not read, or tensors and settings contradict each other.</exception>
    public static Checkpoint Wrap(Checkpoint inner, JsonElement? quantization)
    {
        ArgumentNullException.ThrowIfNull(inner);
        var method = Method(inner, quantization);
        IReadOnlyList<PackedTensor> packed = method switch
        {
            "gptq" => GptqFormat.Find(inner, new QuantizationSettings(inner.Source, quantization!.Value)),
            "awq" => AwqFormat.Find(inner, new QuantizationSettings(inner.Source, quantization!.Value)),
            "bitsandbytes" => BitsAndBytesFormat.Find(inner),
            "mxfp4" => Mxfp4Format.Find(inner),
            "fp8" => Fp8Format.Find(inner, quantization),
            null => [],
            _ => throw new InvalidCheckpointException(inner.Source,
                $"the weights are packed by the method '{method}', which is not read. Read are: gptq, awq, bitsandbytes, mxfp4, fp8. Use the original weights of this model."),
        };
        return packed.Count == 0 ? inner : new UnpackedCheckpoint(inner, packed);
    }

    /// <summary>The method the config names, else the one whose tensor names are there: files are packed whatever a config forgot.</summary>
    private static string? Method(Checkpoint inner, JsonElement? quantization)
    {
        if (quantization is { ValueKind: JsonValueKind.Object } settings)
        {
            if (!settings.TryGetProperty("quant_method", out var method) || method.ValueKind != JsonValueKind.String)
            {
                // bitsandbytes wrote no method at first.
                return settings.TryGetProperty("load_in_4bit", out _) || settings.TryGetProperty("load_in_8bit", out _) ? "bitsandbytes" : throw new InvalidCheckpointException(
                    inner.Source, "quantization_config has no quant_method, so it is unknown how the weights are packed.");
            }

            return method.GetString();
        }

        if (inner.Tensors.Keys.FirstOrDefault(n => n.EndsWith(".qweight", StringComparison.Ordinal)) is { } name)
        {
            throw new InvalidCheckpointException(inner.Source, $"'{name}' is packed, but config.json has no quantization_config that says how (method, bits, group size).");
        }

        return inner.Tensors.Keys.Any(n => n.Contains(".quant_state.bitsandbytes__", StringComparison.Ordinal) || n.EndsWith(".SCB", StringComparison.Ordinal)) ? "bitsandbytes"
            : inner.Tensors.Keys.Any(n => n.EndsWith("_blocks", StringComparison.Ordinal) && inner.Tensors.ContainsKey(n[..^7] + "_scales")) ? "mxfp4"
            : inner.Tensors.Keys.Any(n => n.EndsWith(".weight_scale_inv", StringComparison.Ordinal)) ? "fp8" : null;
    }
}
