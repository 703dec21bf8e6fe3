namespace Fathom.Tensors;

/// <summary>Which library multiplies fp32 matrices on the processor.</summary>
public enum MatmulBackend
{
    /// <summary>The faster of the two that passes the self-test on this machine.</summary>
    Auto,

    /// <summary>MKL, libtorch's own choice. On processors not made by Intel it stops at AVX2.</summary>
    Mkl,

    /// <summary>oneDNN, which uses AVX-512 on every processor that has it.</summary>
    OneDnn,
}
