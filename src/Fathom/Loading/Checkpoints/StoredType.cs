namespace Fathom.Loading.Checkpoints;

/// <summary>How the numbers of a tensor lie in the file: a plain element type, or a block format of GGUF.</summary>
public enum StoredType
{
    /// <summary>IEEE double.</summary>
    F64,

    /// <summary>IEEE single.</summary>
    F32,

    /// <summary>IEEE half.</summary>
    F16,

    /// <summary>The upper half of an IEEE single.</summary>
    BF16,

    /// <summary>8-bit float, 4 exponent bits, no infinity; read as fp32 (exact).</summary>
    F8E4M3,

    /// <summary>8-bit float, 5 exponent bits; read as fp32 (exact).</summary>
    F8E5M2,

    /// <summary>8-bit float, 4 exponent bits, bias 8, no negative zero; read as fp32 (exact).</summary>
    F8E4M3Fnuz,

    /// <summary>8-bit float, 5 exponent bits, bias 16, no negative zero; read as fp32 (exact).</summary>
    F8E5M2Fnuz,

    /// <summary>A power of two, 2^(code - 127); read as fp32 (exact).</summary>
    F8E8M0,

    /// <summary>6-bit float, 2 exponent bits; listed, not read.</summary>
    F6E2M3,

    /// <summary>6-bit float, 3 exponent bits; listed, not read.</summary>
    F6E3M2,

    /// <summary>4-bit float, 2 exponent bits; listed, not read.</summary>
    F4,

    /// <summary>Signed 64-bit integer.</summary>
    I64,

    /// <summary>Signed 32-bit integer.</summary>
    I32,

    /// <summary>Signed 16-bit integer.</summary>
    I16,

    /// <summary>Signed 8-bit integer.</summary>
    I8,

    /// <summary>Unsigned 64-bit integer; read as int64, refused where a value does not fit.</summary>
    U64,

    /// <summary>Unsigned 32-bit integer; read as int64.</summary>
    U32,

    /// <summary>Unsigned 16-bit integer; read as int32.</summary>
    U16,

    /// <summary>Unsigned 8-bit integer.</summary>
    U8,

    /// <summary>One byte; anything but 0 is true.</summary>
    Bool,

    /// <summary>Complex number of two halves; listed, not read.</summary>
    C32,

    /// <summary>Complex number of two singles.</summary>
    C64,

    /// <summary>Complex number of two doubles.</summary>
    C128,

    /// <summary>GGUF: 32 values of 4 bits, one scale.</summary>
    Q4Block0,

    /// <summary>GGUF: 32 values of 4 bits, scale and minimum.</summary>
    Q4Block1,

    /// <summary>GGUF: 32 values of 5 bits, one scale.</summary>
    Q5Block0,

    /// <summary>GGUF: 32 values of 5 bits, scale and minimum.</summary>
    Q5Block1,

    /// <summary>GGUF: 32 values of 8 bits, one scale.</summary>
    Q8Block0,

    /// <summary>GGUF: 256 values of 2 bits in 16 scaled groups.</summary>
    Q2K,

    /// <summary>GGUF: 256 values of 3 bits in 16 scaled groups.</summary>
    Q3K,

    /// <summary>GGUF: 256 values of 4 bits in 8 scaled groups.</summary>
    Q4K,

    /// <summary>GGUF: 256 values of 5 bits in 8 scaled groups.</summary>
    Q5K,

    /// <summary>GGUF: 256 values of 6 bits in 16 scaled groups.</summary>
    Q6K,

    /// <summary>GGUF: 32 codes into a table of 16 values, one scale.</summary>
    IQ4NL,

    /// <summary>GGUF: 256 codes into a table of 16 values in 8 scaled groups.</summary>
    IQ4XS,

    /// <summary>32 values of 4-bit float with one shared power of two.</summary>
    MXFP4,
}
