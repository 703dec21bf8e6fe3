using Fathom.Loading.Checkpoints.Bytes;

namespace Fathom.Loading.Checkpoints.Adapters;

/// <summary>A LoRA adapter in a PEFT folder: low-rank changes of a base model's matrices.</summary>
/// <remarks>Source: Hu et al. 2021 (arXiv:2106.09685). Rank-stabilised scaling and DoRA are read; other PEFT methods are refused by name.</remarks>
public sealed class LoraAdapter : IDisposable
{
    /// <summary>What PEFT puts before the base model's names.</summary>
    private const string Prefix = "base_model.model.";

    private readonly Checkpoint _tensors;

    private LoraAdapter(string folder, LoraConfig config, Checkpoint tensors)
    {
        Source = folder;
        Config = config;
        _tensors = tensors;
        (Modules, Replacements) = LoraNames.Sort(folder, config, tensors, Prefix);
    }

    /// <summary>The adapter's folder.</summary>
    public string Source { get; }

    /// <summary>What adapter_config.json says.</summary>
    public LoraConfig Config { get; }

    /// <summary>The changed matrices, by the name of the base model's weight.</summary>
    public IReadOnlyDictionary<string, LoraModule> Modules { get; }

    /// <summary>Weights that training replaced outright (<c>modules_to_save</c>, biases): base name to the name in the adapter's file.</summary>
    public IReadOnlyDictionary<string, string> Replacements { get; }

    /// <summary>Opens a folder with <c>adapter_config.json</c> and <c>adapter_model.safetensors</c> (or <c>.bin</c>).</summary>
    /// <exception cref="InvalidCheckpointException">A file is missing or broken, the method is not LoRA, or a setting is not honoured.</exception>
    public static LoraAdapter Open(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        LoraConfig config;
        using (var json = FileSource.Open(Path.Combine(folder, "adapter_config.json")))
        {
            config = LoraConfig.Read(json);
        }

        string[] names = ["adapter_model.safetensors", "adapter_model.bin"];
        var path = names.Select(n => Path.Combine(folder, n)).FirstOrDefault(File.Exists) ?? throw new InvalidCheckpointException(
            folder, $"the adapter has no {string.Join(" or ", names)}. Download the whole folder.");
        var tensors = Checkpoint.Open(path);
        try
        {
            return new(folder, config, tensors);
        }
        catch
        {
            tensors.Dispose();
            throw;
        }
    }

    /// <summary>The low-rank factors of one module.</summary>
    /// <param name="module">One of <see cref="Modules"/>.</param>
    /// <returns><c>A [r, in]</c> and <c>B [out, r]</c> as stored, which the caller disposes. The change is <c>Scaling · B A</c>.</returns>
    public (Tensor A, Tensor B) Factors(LoraModule module)
    {
        ArgumentNullException.ThrowIfNull(module);
        return (_tensors.Read(module.A), _tensors.Read(module.B));
    }

    /// <summary>A base model's checkpoint with this adapter merged in, tensor by tensor as they are read.</summary>
    /// <param name="baseModel">The model the adapter was trained on. Owned by the result, as is this adapter.</param>
    /// <exception cref="InvalidCheckpointException">The adapter changes a weight that the model does not have, or has in another shape.</exception>
    public Checkpoint Wrap(Checkpoint baseModel)
    {
        ArgumentNullException.ThrowIfNull(baseModel);
        return new MergedCheckpoint(baseModel, this);
    }

    /// <inheritdoc/>
    public void Dispose() => _tensors.Dispose();

    /// <summary>Reads a tensor of the adapter's own file.</summary>
    internal Tensor Read(string name) => _tensors.Read(name);

    /// <summary>The facts of a tensor of the adapter's own file.</summary>
    internal StoredTensor Stored(string name) => _tensors.Tensors[name];
}
