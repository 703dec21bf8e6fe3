namespace Fathom.Loading.Checkpoints.Adapters;

/// <summary>A base model with an adapter's changes added as each tensor is read.</summary>
internal sealed class MergedCheckpoint : Checkpoint
{
    private readonly Checkpoint _base;
    private readonly LoraAdapter _adapter;
    private readonly Dictionary<string, LoraModule> _modules = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _replacements = new(StringComparer.Ordinal);

    public MergedCheckpoint(Checkpoint baseModel, LoraAdapter adapter)
    {
        _base = baseModel;
        _adapter = adapter;
        foreach (var module in adapter.Modules.Values)
        {
            var name = Locate(module.Weight);
            CheckShape(name, module);
            _modules.Add(name, module);
        }

        foreach (var (weight, stored) in adapter.Replacements)
        {
            var name = Locate(weight);
            if (!_base.Tensors[name].Shape.SequenceEqual(_adapter.Stored(stored).Shape))
            {
                throw new InvalidCheckpointException(adapter.Source, $"the adapter replaces '{name}' by a tensor of another shape: {_adapter.Stored(stored)} instead of {_base.Tensors[name]}.");
            }

            _replacements.Add(name, stored);
        }
    }

    /// <inheritdoc/>
    public override string Source => $"{_base.Source} + {_adapter.Source}";

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, StoredTensor> Tensors => _base.Tensors;

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> Metadata => _base.Metadata;

    /// <inheritdoc/>
    public override Tensor Read(string name)
    {
        Find(name);
        if (_replacements.TryGetValue(name, out var replacement))
        {
            return _adapter.Read(replacement);
        }

        var weight = _base.Read(name);
        return _modules.TryGetValue(name, out var module) ? Merge(weight, module) : weight;
    }

    /// <inheritdoc/>
    internal override bool ReadsRows(string name) => !_replacements.ContainsKey(name) && !_modules.ContainsKey(name) && _base.ReadsRows(name);

    /// <inheritdoc/>
    internal override void ReadRows(string name, long first, Tensor rows) => _base.ReadRows(name, first, rows);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _base.Dispose();
        _adapter.Dispose();
    }

    /// <summary>Adds in fp32 and rounds once to the weight's own type.</summary>
    private Tensor Merge(Tensor weight, LoraModule module)
    {
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        scope.Attach(weight);
        var (a, b) = _adapter.Factors(module);
        scope.Attach(a);
        scope.Attach(b);
        var delta = b.to(torch.float32).mm(a.to(torch.float32)).mul_(torch.tensor((float)module.Scaling));
        var sum = weight.to(torch.float32, copy: true).add_(module.IsTransposed ? delta.t() : delta);
        if (module.Magnitude is { } magnitude)
        {
            // DoRA: each row keeps the changed direction and takes the learned length.
            var lengths = _adapter.Read(magnitude);
            scope.Attach(lengths);
            sum.mul_(lengths.to(torch.float32).view(-1, 1) / sum.norm(1, keepdim: true, p: 2f));
        }

        return sum.to(weight.dtype).contiguous().DetachFromDisposeScope();
    }

    /// <summary>The base model's name: as the adapter says, or without the first part, which hub files of some models leave out.</summary>
    private string Locate(string weight)
    {
        if (_base.Tensors.ContainsKey(weight))
        {
            return weight;
        }

        var shorter = weight[(weight.IndexOf('.', StringComparison.Ordinal) + 1)..];
        return _base.Tensors.ContainsKey(shorter) ? shorter : throw new InvalidCheckpointException(
            _adapter.Source, $"the adapter changes '{weight}', which {_base.Source} does not have. The nearest: {NearestNames.List(weight, _base.Tensors.Keys)}. Is this the right base model{(_adapter.Config.BaseModel is { } name ? $" ({name})" : "")}?");
    }

    private void CheckShape(string name, LoraModule module)
    {
        long inputs = _adapter.Stored(module.A).Shape[1], outputs = _adapter.Stored(module.B).Shape[0];
        long[] expected = module.IsTransposed ? [inputs, outputs] : [outputs, inputs];
        if (!_base.Tensors[name].Shape.SequenceEqual(expected) || _base.Tensors[name].Type.ReadAs is not (torch.ScalarType.Float32 or torch.ScalarType.Float16 or torch.ScalarType.BFloat16 or torch.ScalarType.Float64))
        {
            throw new InvalidCheckpointException(_adapter.Source, $"the adapter changes '{name}' by [{string.Join(", ", expected)}], but the base model has {_base.Tensors[name]}; packed weights must be unpacked first.");
        }
    }
}
