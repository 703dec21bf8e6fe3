namespace Fathom.Loading.Checkpoints.Pickles;

/// <summary>The only names a pickle may mention, keyed by the pair of module and name: joined text would let a name be split another way.</summary>
internal static class PickleGlobals
{
    private static readonly (string[] Names, StoredType Type)[] ElementTypes =
    [
        (["float64", "double"], StoredType.F64), (["float32", "float"], StoredType.F32), (["float16", "half"], StoredType.F16), (["bfloat16"], StoredType.BF16),
        (["int64", "long"], StoredType.I64), (["int32", "int"], StoredType.I32), (["int16", "short"], StoredType.I16), (["int8"], StoredType.I8),
        (["uint64"], StoredType.U64), (["uint32"], StoredType.U32), (["uint16"], StoredType.U16), (["uint8"], StoredType.U8), (["bool"], StoredType.Bool),
        (["complex32", "chalf"], StoredType.C32), (["complex64", "cfloat"], StoredType.C64), (["complex128", "cdouble"], StoredType.C128),
        (["float8_e4m3fn"], StoredType.F8E4M3), (["float8_e5m2"], StoredType.F8E5M2), (["float8_e4m3fnuz"], StoredType.F8E4M3Fnuz),
        (["float8_e5m2fnuz"], StoredType.F8E5M2Fnuz), (["float8_e8m0fnu"], StoredType.F8E8M0),
    ];

    private static readonly (string Name, StoredType Type)[] StorageTypes =
    [
        ("DoubleStorage", StoredType.F64), ("FloatStorage", StoredType.F32), ("HalfStorage", StoredType.F16), ("BFloat16Storage", StoredType.BF16),
        ("LongStorage", StoredType.I64), ("IntStorage", StoredType.I32), ("ShortStorage", StoredType.I16), ("CharStorage", StoredType.I8),
        ("ByteStorage", StoredType.U8), ("BoolStorage", StoredType.Bool), ("ComplexFloatStorage", StoredType.C64), ("ComplexDoubleStorage", StoredType.C128),
    ];

    private static readonly Dictionary<(string Module, string Name), PickleGlobal> Table = Build();

    /// <summary>The entry of a name, or null.</summary>
    public static PickleGlobal? Find(string module, string name) => Table.GetValueOrDefault((module, name));

    /// <summary>Why a name that is not in the table cannot be read, and what to do.</summary>
    public static string Explain(string module, string name) => (module, name) switch
    {
        _ when module.StartsWith("torch.nn.", StringComparison.Ordinal) || module == "__main__" =>
            $"the file holds a whole Python object of class {module}.{name}, not a state dict. Save model.state_dict() with torch.save, or safetensors.",
        ("torch._utils", _) or ("torch", _) or ("torch.storage", _) =>
            $"it needs {module}.{name}, which is not read (sparse, quantised, nested and meta tensors are not). Convert the tensors to dense ones first.",
        ("argparse", "Namespace") => $"it holds {module}.{name} beside the weights. Load it once with PyTorch, keep the state dict only, and save that.",
        _ => $"it names {module}.{name}, which is not in the closed set of names a state dict needs. Nothing was imported or called.",
    };

    private static Dictionary<(string, string), PickleGlobal> Build()
    {
        Dictionary<(string, string), PickleGlobal> table = [];
        Add(PickleGlobalKind.OrderedDict, "collections", "OrderedDict");
        Add(PickleGlobalKind.Counter, "collections", "Counter");
        Add(PickleGlobalKind.RebuildTensor, "torch._utils", "_rebuild_tensor");
        Add(PickleGlobalKind.RebuildTensorV2, "torch._utils", "_rebuild_tensor_v2");
        Add(PickleGlobalKind.RebuildTensorV3, "torch._utils", "_rebuild_tensor_v3");
        Add(PickleGlobalKind.RebuildParameter, "torch._utils", "_rebuild_parameter");
        Add(PickleGlobalKind.RebuildParameterWithState, "torch._utils", "_rebuild_parameter_with_state");
        Add(PickleGlobalKind.RebuildFromType, "torch._tensor", "_rebuild_from_type_v2");
        Add(PickleGlobalKind.TensorClass, "torch", "Tensor");
        Add(PickleGlobalKind.TensorClass, "torch.nn.parameter", "Parameter", "Buffer");
        Add(PickleGlobalKind.Size, "torch", "Size");
        Add(PickleGlobalKind.Device, "torch", "device");
        Add(PickleGlobalKind.Layout, "torch.serialization", "_get_layout");
        Add(PickleGlobalKind.Encode, "_codecs", "encode");
        Add(PickleGlobalKind.NumpyScalar, "numpy.core.multiarray", "scalar");
        Add(PickleGlobalKind.NumpyScalar, "numpy._core.multiarray", "scalar");
        Add(PickleGlobalKind.NumpyType, "numpy", "dtype");
        foreach (var builtins in new[] { "builtins", "__builtin__" })
        {
            Add(PickleGlobalKind.Set, builtins, "set");
            Add(PickleGlobalKind.ByteArray, builtins, "bytearray");
            Add(PickleGlobalKind.Complex, builtins, "complex");
        }

        foreach (var (names, type) in ElementTypes)
        {
            foreach (var name in names)
            {
                table.Add(("torch", name), new(PickleGlobalKind.ElementType, $"torch.{name}", type));
            }
        }

        foreach (var (name, type) in StorageTypes)
        {
            table.Add(("torch", name), new(PickleGlobalKind.StorageType, $"torch.{name}", type));
        }

        table.Add(("torch.storage", "UntypedStorage"), new(PickleGlobalKind.StorageType, "torch.storage.UntypedStorage"));
        return table;

        void Add(PickleGlobalKind kind, string module, params string[] names)
        {
            foreach (var name in names)
            {
                table.Add((module, name), new(kind, $"{module}.{name}"));
            }
        }
    }
}
