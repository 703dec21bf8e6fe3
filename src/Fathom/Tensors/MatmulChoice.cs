using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Text;

namespace Fathom.Tensors;

/// <summary>Chooses the library for fp32 products, and proves the choice with products against fp64.</summary>
/// <remarks>
/// On AMD processors MKL takes its AVX2 path (about 110 GFLOP/s a core) where oneDNN takes AVX-512 (about 250). libtorch sends fp32
/// products to oneDNN when its "medium" precision allows bf16 inside; without AMX units oneDNN computes in true fp32 all the same,
/// with them it would not. So the switch is used only where there are none, and only if the measured error is that of fp32.
/// </remarks>
internal static partial class MatmulChoice
{
    // fp32 products measure 2e-7 to 4e-7, bf16 ones 3e-3.
    private const double LargestError = 1e-5;

    private const int MkldnnBackend = 2;
    private const int MatmulOperation = 3;
    private const int TrueFloat = 1;
    private const int BFloat = 3;

    internal static (MatmulBackend Backend, string Reason, double Error) Apply(MatmulBackend asked)
    {
        var (wanted, reason) = asked switch
        {
            MatmulBackend.Mkl => (MatmulBackend.Mkl, "asked for"),
            MatmulBackend.OneDnn => (MatmulBackend.OneDnn, "asked for"),
            _ => ForThisProcessor(),
        };
        if (wanted == MatmulBackend.OneDnn)
        {
            if (!TrySet(BFloat))
            {
                return asked == MatmulBackend.Auto
                    ? (MatmulBackend.Mkl, "this libtorch has no switch to oneDNN", ProductError())
                    : throw new ComputeSettingException("Matmul", "OneDnn", "Auto or Mkl, because this libtorch has no switch to oneDNN");
            }

            var error = ProductError();
            if (error <= LargestError)
            {
                return (MatmulBackend.OneDnn, reason, error);
            }

            TrySet(TrueFloat);
            if (asked == MatmulBackend.OneDnn)
            {
                throw new ComputeSettingException("Matmul", "OneDnn", $"Auto or Mkl, because oneDNN's products are off by {error:0.0e+0} here, which is not fp32");
            }

            return (MatmulBackend.Mkl, FormattableString.Invariant($"oneDNN failed the self-test with error {error:0.0e+0}"), ProductError());
        }

        TrySet(TrueFloat);
        return (MatmulBackend.Mkl, reason, ProductError());
    }

    private static (MatmulBackend Backend, string Reason) ForThisProcessor()
    {
        if (!X86Base.IsSupported)
        {
            return (MatmulBackend.Mkl, "not an x86 processor, so libtorch's own choice");
        }

        var (_, vendorB, vendorC, vendorD) = X86Base.CpuId(0, 0);
        var vendor = Encoding.ASCII.GetString(MemoryMarshal.AsBytes<int>([vendorB, vendorD, vendorC]));
        if (vendor == "GenuineIntel")
        {
            return (MatmulBackend.Mkl, "at its best on Intel");
        }

        if (!(Avx512BW.IsSupported && Avx512DQ.IsSupported && Avx512F.VL.IsSupported))
        {
            return (MatmulBackend.Mkl, "no AVX-512 to gain from");
        }

        var (_, _, _, features) = X86Base.CpuId(7, 0);
        return (features & (1 << 22)) != 0
            ? (MatmulBackend.Mkl, "oneDNN would round to bf16 on the AMX units")
            : (MatmulBackend.OneDnn, "AVX-512 on a processor where MKL stops at AVX2");
    }

    // The shapes take different kernels: square, a few rows, one row.
    private static double ProductError() => new[] { (256, 256, 256), (9, 768, 256), (1, 512, 256) }.Max(shape => ProductError(shape.Item1, shape.Item2, shape.Item3));

    private static double ProductError(long rows, long inner, long columns)
    {
        using var noGrad = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var left = Noise(rows, inner, 1);
        var right = Noise(inner, columns, 2);
        var product = torch.mm(left, right).to(torch.float64);
        var exact = torch.mm(left.to(torch.float64), right.to(torch.float64));
        var error = product.sub(exact).abs().max().item<double>() / exact.abs().max().item<double>();
        return double.IsNaN(error) ? double.PositiveInfinity : error;
    }

    // Fixed values from -1 to 1 without libtorch's generator: the policy must not disturb anybody's random sequence.
    private static Tensor Noise(long rows, long columns, uint state)
    {
        var values = new float[rows * columns];
        for (var i = 0; i < values.Length; i++)
        {
            state = unchecked((state * 1664525) + 1013904223);
            values[i] = (int)state / 2147483648f;
        }

        return torch.tensor(values, [rows, columns], torch.float32, torch.CPU);
    }

    private static bool TrySet(int precision)
    {
        try
        {
            SetFloat32Precision(GlobalContext(), MkldnnBackend, MatmulOperation, precision);
            return true;
        }
        catch (Exception e) when (e is EntryPointNotFoundException or DllNotFoundException)
        {
            return false;
        }
    }

    [LibraryImport("torch_cpu", EntryPoint = "_ZN2at13globalContextEv")]
    private static partial nint GlobalContext();

    [LibraryImport("torch_cpu", EntryPoint = "_ZN2at7Context19setFloat32PrecisionENS_14Float32BackendENS_9Float32OpENS_16Float32PrecisionE")]
    private static partial void SetFloat32Precision(nint context, int backend, int operation, int precision);
}
