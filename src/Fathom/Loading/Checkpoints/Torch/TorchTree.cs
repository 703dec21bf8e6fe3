using System.Globalization;
using Fathom.Loading.Checkpoints.Bytes;
using Fathom.Loading.Checkpoints.Pickles;

namespace Fathom.Loading.Checkpoints.Torch;

/// <summary>Flattens a pickled state dict: nested keys are joined by <c>/</c>, list members are numbers, a bare tensor is <c>tensor</c>.</summary>
internal sealed class TorchTree
{
    private const int Deepest = 100, MostValues = 100_000;

    private readonly ByteSource _source;
    private readonly List<string> _path = [];
    private long _visitsLeft;

    private TorchTree(ByteSource source, long visits)
    {
        _source = source;
        _visitsLeft = visits;
    }

    /// <summary>The tensors, in pickle order.</summary>
    public OrderedDictionary<string, PickleTensor> Tensors { get; } = new(StringComparer.Ordinal);

    /// <summary>The numbers, booleans and texts beside them.</summary>
    public Dictionary<string, string> Values { get; } = new(StringComparer.Ordinal);

    /// <summary>Walks the root of a checkpoint.</summary>
    /// <exception cref="InvalidCheckpointException">No container of tensors, cycles, bombs, or two tensors of one name.</exception>
    public static TorchTree Walk(ByteSource source, PickleValue root)
    {
        // A value costs a pickle at least a byte each time it is mentioned; only a bomb is mentioned more often.
        TorchTree tree = new(source, Math.Min(source.Length + 1_000, 5_000_000));
        switch (root)
        {
            case PickleTensor tensor:
                tree.Tensors.Add("tensor", tensor);
                break;
            case PickleDict or PickleList or PickleTuple:
                tree.Visit(root);
                break;
            default:
                throw source.Invalid($"the root of the pickle is {root.Kind}, not a dict of tensors: there are no tensors in it.");
        }

        return tree;
    }

    private string Path => string.Join('/', _path);

    private void Visit(PickleValue value)
    {
        if (_path.Count > Deepest || --_visitsLeft < 0)
        {
            throw _source.Invalid($"the pickle nests deeper than {Deepest} levels or repeats its parts more often than it has bytes (a cycle or a bomb), so its root is no dict of tensors.");
        }

        switch (value)
        {
            case PickleTensor tensor:
                if (!Tensors.TryAdd(Path, tensor))
                {
                    throw _source.Invalid($"two tensors are named '{Path}' once nested keys are joined (a duplicate name).");
                }

                break;
            case PickleDict dict:
                foreach (var (key, item) in dict.Entries)
                {
                    Visit(Name(key, item), item);
                }

                break;
            case PickleList list:
                VisitItems(list.Items);
                break;
            case PickleTuple tuple:
                VisitItems(tuple.Items);
                break;
            case PickleText or PickleInteger or PickleReal or PickleBoolean when Values.Count < MostValues:
                Values[Path] = Text(value);
                break;
            default:
                break;
        }
    }

    private void VisitItems(IReadOnlyList<PickleValue> items)
    {
        for (var i = 0; i < items.Count; i++)
        {
            Visit(i.ToString(CultureInfo.InvariantCulture), items[i]);
        }
    }

    private void Visit(string name, PickleValue value)
    {
        _path.Add(name);
        Visit(value);
        _path.RemoveAt(_path.Count - 1);
    }

    private string Name(PickleValue key, PickleValue item) => key switch
    {
        PickleText text => text.Value,
        PickleInteger integer => integer.Value.ToString(CultureInfo.InvariantCulture),
        _ when item is PickleTensor or PickleDict or PickleList or PickleTuple => throw _source.Invalid($"a tensor or container has {key.Kind} as its key; keys are strings or integers."),
        _ => $"({key.Kind})",
    };

    private static string Text(PickleValue value) => value switch
    {
        PickleText text => text.Value,
        PickleInteger integer => integer.Value.ToString(CultureInfo.InvariantCulture),
        PickleReal real => real.Value.ToString("R", CultureInfo.InvariantCulture),
        _ => value.Kind,
    };
}
