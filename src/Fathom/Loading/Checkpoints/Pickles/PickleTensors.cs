using Fathom.Loading.Checkpoints.Bytes;

namespace Fathom.Loading.Checkpoints.Pickles;

/// <summary>The rebuild calls: views of a storage, checked element by element against its length in 128-bit arithmetic.</summary>
internal sealed class PickleTensors(ByteSource source)
{
    private const int LargestRank = 64;

    /// <summary>Applies a rebuild function.</summary>
    /// <exception cref="InvalidCheckpointException">The view does not fit its storage, or the arguments are not what torch writes.</exception>
    public PickleTensor Rebuild(PickleGlobal function, PickleValue[] arguments)
    {
        // storage, offset, size, stride; v2 adds requires_grad, hooks [, metadata]; v3 adds requires_grad, hooks, dtype [, metadata].
        var (least, metadataAt) = function.GlobalKind switch
        {
            PickleGlobalKind.RebuildTensor => (4, -1),
            PickleGlobalKind.RebuildTensorV2 => (6, 6),
            _ => (7, 7),
        };
        if (arguments.Length < least || arguments.Length > (metadataAt < 0 ? least : metadataAt + 1))
        {
            throw source.Invalid($"{function.Name} has a wrong number of arguments: {arguments.Length}.");
        }

        if (arguments[0] is not PickleStorage storage)
        {
            throw source.Invalid($"{function.Name} is given {arguments[0].Kind} in place of a storage.");
        }

        if (least > 4)
        {
            CheckHooks(function, arguments[5]);
        }

        var (conjugated, negated) = arguments.Length > metadataAt && metadataAt > 0 ? Metadata(function, arguments[metadataAt]) : (false, false);
        var type = ElementType(function, storage, function.GlobalKind == PickleGlobalKind.RebuildTensorV3 ? arguments[6] : null);
        PickleTensor tensor = new(storage, type, Integer(function, "offset", arguments[1]), Integers(function, "size", arguments[2]), Integers(function, "stride", arguments[3]), conjugated, negated);
        CheckLazy(tensor);
        CheckGeometry(tensor);
        return tensor;
    }

    /// <summary>Hooks are functions; a state dict has none.</summary>
    /// <exception cref="InvalidCheckpointException">There are hooks.</exception>
    public void CheckHooks(PickleGlobal function, PickleValue hooks)
    {
        switch (hooks)
        {
            case PickleDict { Ordered: true, Entries.Count: 0 } dict:
                dict.IsHooks = true;
                return;
            case PickleInert { Text: "None" }:
                return;
            default:
                throw source.Invalid($"{function.Name} carries backward hooks ({hooks.Kind}); hooks must be an empty OrderedDict.");
        }
    }

    private StoredType ElementType(PickleGlobal function, PickleStorage storage, PickleValue? given)
    {
        if (given is null)
        {
            return storage.Type ?? throw source.Invalid($"{function.Name} views an untyped storage without a dtype.");
        }

        if (given is not PickleGlobal { GlobalKind: PickleGlobalKind.ElementType, Type: { } type })
        {
            throw source.Invalid($"{function.Name} has {given.Kind} in place of a dtype.");
        }

        return storage.Type is null || storage.Type == type ? type : throw source.Invalid(
            $"{function.Name} views a storage of {storage.Type.Value.Label} as {type.Label}; a typed storage has its own dtype.");
    }

    private (bool Conjugated, bool Negated) Metadata(PickleGlobal function, PickleValue metadata)
    {
        bool conjugated = false, negated = false;
        if (metadata is not PickleDict dict)
        {
            return metadata is PickleInert { Text: "None" } ? (false, false) : throw source.Invalid($"{function.Name} has {metadata.Kind} as tensor metadata.");
        }

        foreach (var entry in dict.Entries)
        {
            switch (entry)
            {
                case (PickleText { Value: "conj" }, PickleBoolean flag):
                    conjugated = flag.Value;
                    break;
                case (PickleText { Value: "neg" }, PickleBoolean flag):
                    negated = flag.Value;
                    break;
                default:
                    throw source.Invalid($"{function.Name} has the unknown tensor metadata '{(entry.Key as PickleText)?.Value ?? entry.Key.Kind}'; conj and neg are read, and ignoring another could change the numbers.");
            }
        }

        return (conjugated, negated);
    }

    private void CheckLazy(PickleTensor tensor)
    {
        var complex = tensor.Type is StoredType.C32 or StoredType.C64 or StoredType.C128;
        if ((tensor.Conjugated && !complex) || (tensor.Negated && !complex && tensor.Type is not (StoredType.F64 or StoredType.F32 or StoredType.F16 or StoredType.BF16)))
        {
            throw source.Invalid($"a tensor of {tensor.Type.Label} is marked as lazily conjugated or negated, which that type cannot be.");
        }
    }

    private void CheckGeometry(PickleTensor tensor)
    {
        string Describe() => $"a view of shape [{string.Join(", ", tensor.Shape.Take(8))}], stride [{string.Join(", ", tensor.Stride.Take(8))}] and offset {tensor.Offset}";
        if (tensor.Shape.Length != tensor.Stride.Length)
        {
            throw source.Invalid($"{Describe()} has {tensor.Shape.Length} sizes and {tensor.Stride.Length} strides: the view does not fit its storage.");
        }

        int width = tensor.Type.BlockBits / 8;
        var available = (Int128)tensor.Storage.Count * tensor.Storage.UnitBytes / width;
        Int128 last = tensor.Offset, count = 1;
        for (var d = 0; d < tensor.Shape.Length; d++)
        {
            count *= tensor.Shape[d];
            if (count > long.MaxValue || tensor.Shape[d] < 0 || tensor.Stride[d] < 0)
            {
                throw source.Invalid($"{Describe()} has a negative or overflowing size or stride: the view does not fit its storage.");
            }

            // Cut at 2^63 so that 64 dimensions cannot wrap even 128 bits.
            last = Int128.Min(last + ((Int128)Math.Max(tensor.Shape[d] - 1, 0) * tensor.Stride[d]), long.MaxValue);
        }

        if (tensor.Offset < 0 || (count == 0 ? tensor.Offset > available : last >= available))
        {
            throw source.Invalid($"{Describe()} does not fit its storage of {available} elements.");
        }

        if (count * width > 2 * (Int128)source.Length && count * width > tensor.Storage.Count * (Int128)tensor.Storage.UnitBytes)
        {
            throw source.Invalid($"{Describe()} repeats a storage of {available} elements to a dense size of {count * width} bytes, over twice the file's {source.Length}.");
        }
    }

    private long Integer(PickleGlobal function, string what, PickleValue value) => value is PickleInteger integer
        ? integer.Value
        : throw source.Invalid($"{function.Name} has {value.Kind} as its {what}; sizes are integers, so the view does not fit its storage.");

    private long[] Integers(PickleGlobal function, string what, PickleValue value)
    {
        if (value is not PickleTuple tuple)
        {
            throw source.Invalid($"{function.Name} has {value.Kind} as its {what}; a tuple of integers is expected.");
        }

        return tuple.Items.Length <= LargestRank
            ? [.. tuple.Items.Select(i => Integer(function, what, i))]
            : throw source.Invalid($"{function.Name} has a {what} of {tuple.Items.Length} dimensions: rank over {LargestRank}.");
    }
}
