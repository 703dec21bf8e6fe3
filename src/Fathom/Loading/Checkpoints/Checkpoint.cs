namespace Fathom.Loading.Checkpoints;

/// <summary>An open checkpoint: the names, types and shapes of its tensors, and their numbers one tensor at a time.</summary>
/// <remarks>
/// Opening reads and validates headers only and needs no native library; <see cref="Read"/> is the first call that does.
/// No code in a file is ever run. Not thread-safe for <see cref="Dispose()"/>; concurrent <see cref="Read"/> calls are allowed.
/// </remarks>
public abstract class Checkpoint : IDisposable
{
    /// <summary>The file or folder shown in errors and provenance.</summary>
    public abstract string Source { get; }

    /// <summary>Every tensor by its name in the file, in file order.</summary>
    public abstract IReadOnlyDictionary<string, StoredTensor> Tensors { get; }

    /// <summary>Free text the file carries beside the tensors. It never changes how the numbers are read.</summary>
    public virtual IReadOnlyDictionary<string, string> Metadata => new Dictionary<string, string>();

    /// <summary>Reads one tensor onto the CPU, in its stored type (block formats and 8-bit floats as fp32).</summary>
    /// <param name="name">A key of <see cref="Tensors"/>.</param>
    /// <returns>A fresh contiguous tensor that belongs to no dispose scope; the caller disposes it.</returns>
    /// <exception cref="KeyNotFoundException">There is no such tensor; the message names the nearest.</exception>
    /// <exception cref="InvalidCheckpointException">The numbers cannot be read, or their type can only be listed.</exception>
    public abstract Tensor Read(string name);

    /// <summary>Whether some rows of a tensor can be read without the others.</summary>
    /// <param name="name">A key of <see cref="Tensors"/>.</param>
    internal virtual bool ReadsRows(string name) => false;

    /// <summary>Reads consecutive rows of a tensor, where <see cref="ReadsRows"/>.</summary>
    /// <param name="name">A key of <see cref="Tensors"/>.</param>
    /// <param name="first">The first row.</param>
    /// <param name="rows">The rows to fill, contiguous, on the CPU, of the type the tensor is read as.</param>
    /// <exception cref="InvalidCheckpointException">The numbers cannot be read.</exception>
    internal virtual void ReadRows(string name, long first, Tensor rows) => throw new NotSupportedException($"{Source} reads '{name}' as a whole only.");

    /// <summary>Opens a file or a model folder. A folder's safetensors are preferred to its pickles, its pickles to GGUF.</summary>
    /// <param name="pathOrFolder">A <c>.safetensors</c>, <c>.bin</c>, <c>.pt</c>, <c>.pth</c>, <c>.gguf</c> or <c>.npz</c> file, an index file, or a folder.</param>
    /// <exception cref="InvalidCheckpointException">Nothing readable is there; the message says what was found.</exception>
    public static Checkpoint Open(string pathOrFolder)
    {
        ArgumentException.ThrowIfNullOrEmpty(pathOrFolder);
        return CheckpointOpener.Open(pathOrFolder);
    }

    /// <summary>The tensors whose names start with a prefix, without it: the model inside a training checkpoint.</summary>
    /// <param name="prefix">Such as <c>state_dict/</c>, <c>model/</c> or <c>transformer.</c></param>
    /// <returns>A view; disposing it closes this checkpoint too.</returns>
    /// <exception cref="KeyNotFoundException">No tensor's name starts so.</exception>
    public Checkpoint Under(string prefix)
    {
        ArgumentException.ThrowIfNullOrEmpty(prefix);
        return new PrefixCheckpoint(this, prefix);
    }

    /// <summary>Closes the files.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>The stored facts of one tensor.</summary>
    /// <exception cref="KeyNotFoundException">There is no such tensor; the message names the nearest.</exception>
    protected internal StoredTensor Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Tensors.TryGetValue(name, out var stored) ? stored : throw new KeyNotFoundException(
            $"{Source} has no tensor '{name}'. The nearest of its {Tensors.Count} names: {NearestNames.List(name, Tensors.Keys)}.");
    }

    /// <summary>Closes the files.</summary>
    /// <param name="disposing">False only from a finalizer.</param>
    protected abstract void Dispose(bool disposing);
}
