using Fathom.Components;
using Fathom.Hooks;

namespace Fathom.Patching.Engine;

/// <summary>What one prompt's unpatched run left behind.</summary>
/// <param name="length">The prompt's length, in tokens.</param>
/// <param name="first">The first position that was run; earlier ones are another run's.</param>
internal sealed class PromptRun(int length, int first) : IDisposable
{
    private readonly Dictionary<HookPoint, Tensor> _records = [];

    public int Length => length;

    /// <summary>The first position held.</summary>
    public int First => first;

    /// <summary>Keys and values, for base runs.</summary>
    public RecordedPrefix? Prefix { get; init; }

    /// <summary>The residual stream after the last block, <c>[length - first, d_model]</c>.</summary>
    public Tensor? Final { get; private set; }

    /// <summary>The bytes held.</summary>
    public long Bytes => _records.Values.Append(Final).Sum(t => t is null ? 0 : t.numel() * t.element_size());

    /// <summary>The activation at a point, without its batch axis, from position <see cref="First"/> on.</summary>
    public Tensor this[HookPoint point] => _records[point];

    public void Record(HookPoint point, Tensor activation) => _records[point] = activation.clone().DetachFromDisposeScope();

    public void End(Tensor final) => Final = final.clone().DetachFromDisposeScope();

    public void Dispose()
    {
        Prefix?.Dispose();
        Final?.Dispose();
        foreach (var tensor in _records.Values)
        {
            tensor.Dispose();
        }

        _records.Clear();
    }
}
