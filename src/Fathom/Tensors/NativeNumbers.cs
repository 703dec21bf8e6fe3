using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Fathom.Tensors;

/// <summary>Where the numbers of a tensor lie, for kernels of our own.</summary>
internal static unsafe class NativeNumbers
{
    /// <summary>The address of the first number of an fp32 tensor on the CPU, which need not lie in one piece. The tensor must outlive its use.</summary>
    public static float* Of(Tensor tensor)
    {
        using var scope = torch.NewDisposeScope();
        var first = tensor;
        while (first.dim() > 1)
        {
            first = first.select(0, 0);
        }

        return (float*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(first.bytes));
    }
}
