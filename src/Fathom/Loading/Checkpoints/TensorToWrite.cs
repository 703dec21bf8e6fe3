using ScalarType = TorchSharp.torch.ScalarType;

namespace Fathom.Loading.Checkpoints;

/// <summary>A tensor that a writer will ask for when its turn comes, so that saving a model never holds a second copy of it.</summary>
/// <param name="Name">The name in the file.</param>
/// <param name="Type">The element type that <paramref name="Open"/> returns.</param>
/// <param name="Shape">The shape that <paramref name="Open"/> returns.</param>
/// <param name="Open">Makes or lends the tensor, on any device and with any strides. The writer does not dispose it.</param>
public sealed record TensorToWrite(string Name, ScalarType Type, IReadOnlyList<long> Shape, Func<Tensor> Open)
{
    /// <summary>A tensor that exists already.</summary>
    public static TensorToWrite From(string name, Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return new(name, tensor.dtype, tensor.shape, () => tensor);
    }

    /// <summary>How the elements lie in a safetensors file.</summary>
    internal StoredType StoredType => Type switch
    {
        ScalarType.Float64 => StoredType.F64,
        ScalarType.Float32 => StoredType.F32,
        ScalarType.Float16 => StoredType.F16,
        ScalarType.BFloat16 => StoredType.BF16,
        ScalarType.Int64 => StoredType.I64,
        ScalarType.Int32 => StoredType.I32,
        ScalarType.Int16 => StoredType.I16,
        ScalarType.Int8 => StoredType.I8,
        ScalarType.Byte => StoredType.U8,
        ScalarType.Bool => StoredType.Bool,
        ScalarType.ComplexFloat32 => StoredType.C64,
        _ => throw new ArgumentException($"'{Name}' has element type {Type}, which checkpoint files cannot hold; convert it to a real or integer type."),
    };

    /// <summary>Bytes of the elements.</summary>
    internal long ByteLength => Shape.Aggregate(1L, (a, b) => checked(a * b)) * StoredType.BlockBits / 8;
}
