using System.Runtime.InteropServices;

namespace Fathom.Loading.Checkpoints.Quantized;

/// <summary>The rule GPTQ and AWQ share: a scale and a zero for each group of inputs and each output.</summary>
internal static class Groups
{
    /// <summary>Unpacks to <c>[inputs, outputs]</c>; each product is exact in fp32.</summary>
    /// <param name="codes"><c>[inputs, outputs]</c>.</param>
    /// <param name="zeros"><c>[groups, outputs]</c>.</param>
    /// <param name="scales"><c>[groups, outputs]</c>.</param>
    /// <param name="groupOf">The group of each input.</param>
    /// <param name="outputs">Columns.</param>
    public static Tensor Dequantize(byte[] codes, byte[] zeros, float[] scales, int[] groupOf, long outputs)
    {
        var weight = torch.empty([groupOf.Length, outputs], dtype: torch.float32);
        var values = MemoryMarshal.Cast<byte, float>(weight.bytes);
        var width = (int)outputs;
        for (var i = 0; i < groupOf.Length; i++)
        {
            int row = i * width, group = groupOf[i] * width;
            for (var o = 0; o < width; o++)
            {
                values[row + o] = scales[group + o] * (codes[row + o] - zeros[group + o]);
            }
        }

        return weight;
    }

    /// <summary>A small tensor as fp32.</summary>
    public static float[] Floats(Tensor tensor) => tensor.to(torch.float32).data<float>().ToArray();
}
