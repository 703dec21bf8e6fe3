namespace Fathom.Tensors;

/// <summary>What a program asks of the compute policy. The defaults suit almost everybody.</summary>
/// <remarks>
/// The environment says the same without code: <c>FATHOM_THREADS</c> (a positive number) and
/// <c>FATHOM_MATMUL</c> (<c>auto</c>, <c>mkl</c> or <c>onednn</c>).
/// </remarks>
public sealed record ComputeOptions
{
    /// <summary>Threads that one operation may use; null leaves it to the machine and <c>OMP_NUM_THREADS</c>.</summary>
    public int? Threads { get; init; }

    /// <summary>The library for fp32 products. Both compute in true fp32; results differ by the order of summation, about 1e-7 relative.</summary>
    public MatmulBackend Matmul { get; init; } = MatmulBackend.Auto;

    /// <summary>Reads the options from the environment.</summary>
    /// <exception cref="ComputeSettingException">A variable has a value that means nothing.</exception>
    public static ComputeOptions FromEnvironment() => new()
    {
        Threads = Read<int>("FATHOM_THREADS", "a positive number of threads", text => int.TryParse(text, out var count) && count > 0 ? count : null),
        Matmul = Read<MatmulBackend>("FATHOM_MATMUL", "auto, mkl or onednn", text => text.ToUpperInvariant() switch
        {
            "AUTO" => MatmulBackend.Auto,
            "MKL" => MatmulBackend.Mkl,
            "ONEDNN" => MatmulBackend.OneDnn,
            _ => null,
        }) ?? MatmulBackend.Auto,
    };

    private static T? Read<T>(string variable, string expected, Func<string, T?> parse)
        where T : struct
    {
        var text = Environment.GetEnvironmentVariable(variable);
        return string.IsNullOrWhiteSpace(text) ? null : parse(text.Trim()) ?? throw new ComputeSettingException(variable, text, expected);
    }
}
