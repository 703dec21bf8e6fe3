using Fathom.Loading.Checkpoints.Bytes;

namespace Fathom.Loading.Checkpoints.Pickles;

/// <summary>What each callable name of a pickle yields: inert values and views of storages.</summary>
internal sealed class PickleCalls(ByteSource source)
{
    /// <summary>The inert text of a numpy dtype, the one value besides OrderedDict that accepts BUILD.</summary>
    public const string NumpyTypeText = "a numpy dtype";

    private readonly PickleTensors _tensors = new(source);

    /// <summary>Applies a global to arguments.</summary>
    /// <exception cref="InvalidCheckpointException">The arguments are not what every writer passes.</exception>
    public PickleValue Call(PickleGlobal function, PickleValue[] arguments) => (function.GlobalKind, arguments) switch
    {
        (PickleGlobalKind.OrderedDict, []) => new PickleDict(ordered: true),
        (PickleGlobalKind.OrderedDict, [PickleList pairs]) => FromPairs(pairs),
        (PickleGlobalKind.Counter, [] or [PickleDict]) => new PickleInert("a Counter"),
        (PickleGlobalKind.RebuildTensor or PickleGlobalKind.RebuildTensorV2 or PickleGlobalKind.RebuildTensorV3, _) => _tensors.Rebuild(function, arguments),
        (PickleGlobalKind.RebuildParameter, [PickleTensor tensor, PickleBoolean, var hooks]) => Parameter(function, tensor, hooks),
        (PickleGlobalKind.RebuildParameterWithState, [PickleTensor tensor, PickleBoolean, var hooks, var state]) => WithState(function, Parameter(function, tensor, hooks), state),
        (PickleGlobalKind.RebuildFromType, [PickleGlobal inner, PickleGlobal { GlobalKind: PickleGlobalKind.TensorClass }, PickleTuple inside, var state]) => FromType(function, inner, inside, state),
        (PickleGlobalKind.Size, [PickleTuple size]) => size,
        (PickleGlobalKind.Device, [PickleText]) or (PickleGlobalKind.Device, [PickleText, PickleInteger]) => new PickleInert("a device"),
        (PickleGlobalKind.Layout, [PickleText { Value: "torch.strided" or "torch.sparse_coo" }]) => new PickleInert("a layout"),
        (PickleGlobalKind.Encode, [PickleText text, PickleText { Value: "latin1" }]) => Encode(text.Value),
        (PickleGlobalKind.Encode, [_, PickleText codec]) => throw source.Invalid($"_codecs.encode asks for the codec '{codec.Value}'; the only codec is latin1."),
        (PickleGlobalKind.Set, [PickleList members]) => MakeSet(members),
        (PickleGlobalKind.ByteArray, [PickleBytes bytes]) => bytes,
        (PickleGlobalKind.ByteArray, []) => new PickleBytes([]),
        (PickleGlobalKind.ByteArray, _) => throw source.Invalid("bytearray is called with a size; bytearray takes bytes only."),
        (PickleGlobalKind.Complex, [PickleReal or PickleInteger, PickleReal or PickleInteger]) => new PickleInert("a complex number"),
        (PickleGlobalKind.NumpyType, [PickleText, PickleBoolean, PickleBoolean]) => new PickleInert(NumpyTypeText),
        (PickleGlobalKind.NumpyScalar, [PickleInert { Text: NumpyTypeText }, PickleBytes]) => new PickleInert("a numpy scalar"),
        (PickleGlobalKind.TensorClass, _) => throw source.Invalid($"{function.Name} is called; tensor classes cannot be called (the result would be unwritten memory)."),
        (PickleGlobalKind.ElementType or PickleGlobalKind.StorageType, _) => throw source.Invalid($"{function.Name} is called, but it is a type; only the rebuild functions make tensors."),
        _ => throw Wrong(function, arguments),
    };

    /// <summary>Members of a set: scalars only.</summary>
    public IEnumerable<PickleValue> SetMembers(IEnumerable<PickleValue> members)
    {
        foreach (var member in members)
        {
            yield return member is PickleText or PickleInteger or PickleReal or PickleBoolean or PickleInert or PickleBytes
                ? member
                : throw source.Invalid($"a set has {member.Kind} as a member; set members are scalars.");
        }
    }

    private PickleSet MakeSet(PickleList members)
    {
        PickleSet set = new();
        set.Items.AddRange(SetMembers(members.Items));
        return set;
    }

    private PickleDict FromPairs(PickleList pairs)
    {
        PickleDict dict = new(ordered: true);
        foreach (var pair in pairs.Items)
        {
            var items = pair switch
            {
                PickleTuple tuple => tuple.Items,
                PickleList list => [.. list.Items],
                _ => [],
            };
            if ((items.Length == 2 ? dict.Add(items[0], items[1]) : "an OrderedDict is built from something that is not pairs.") is { } problem)
            {
                throw source.Invalid(problem);
            }
        }

        return dict;
    }

    private PickleTensor Parameter(PickleGlobal function, PickleTensor tensor, PickleValue hooks)
    {
        _tensors.CheckHooks(function, hooks);
        return tensor;
    }

    private PickleTensor FromType(PickleGlobal function, PickleGlobal inner, PickleTuple arguments, PickleValue state) =>
        inner.GlobalKind is PickleGlobalKind.RebuildTensor or PickleGlobalKind.RebuildTensorV2 or PickleGlobalKind.RebuildTensorV3
            ? WithState(function, _tensors.Rebuild(inner, arguments.Items), state)
            : throw source.Invalid($"{function.Name} is used to call {inner.Name}; its function must be one of the tensor rebuilds.");

    /// <summary>Attributes are not weights, and are dropped; but a state that replaces the tensor's own members would make two readers see two tensors.</summary>
    private PickleTensor WithState(PickleGlobal function, PickleTensor tensor, PickleValue state)
    {
        PickleValue[] states = state is PickleTuple tuple ? tuple.Items : [state];
        foreach (var (key, _) in states.OfType<PickleDict>().SelectMany(d => d.Entries))
        {
            if (key is not PickleText { Value: var name } || name is "data" or "grad" or "requires_grad" or "_backward_hooks" or "shape" or "real" or "imag" || name.StartsWith("__", StringComparison.Ordinal))
            {
                throw source.Invalid($"{function.Name} carries a state that sets '{(key as PickleText)?.Value ?? key.Kind}', a member of the tensor itself; the state of a tensor may hold no such name.");
            }
        }

        return states.All(s => s is PickleDict or PickleInert) ? tensor : throw source.Invalid($"{function.Name} carries a state that is not a dict.");
    }

    private PickleBytes Encode(string text)
    {
        var bytes = new byte[text.Length];
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] = text[i] <= 0xFF ? (byte)text[i] : throw source.Invalid("_codecs.encode is given a character above U+00FF, which is not latin1.");
        }

        return new(bytes);
    }

    private InvalidCheckpointException Wrong(PickleGlobal function, PickleValue[] arguments) => function.GlobalKind switch
    {
        PickleGlobalKind.RebuildParameter or PickleGlobalKind.RebuildParameterWithState => source.Invalid(
            $"{function.Name} is given ({Kinds(arguments)}); a Parameter wraps a tensor."),
        PickleGlobalKind.RebuildFromType => source.Invalid($"{function.Name} is given ({Kinds(arguments)}); its function must be one of the tensor rebuilds and its type a tensor class."),
        PickleGlobalKind.Counter => source.Invalid("collections.Counter is built from something else than a dict; a Counter comes only from a dict."),
        _ => source.Invalid($"{function.Name} is called with ({Kinds(arguments)}), which no writer does."),
    };

    private static string Kinds(PickleValue[] arguments) => string.Join(", ", arguments.Take(8).Select(a => a.Kind));
}
