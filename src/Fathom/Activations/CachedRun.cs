using Fathom.Models;

namespace Fathom.Activations;

/// <summary>The output of a run and the activations it kept.</summary>
/// <param name="Logits">Logits, <c>[batch, pos, d_vocab]</c> (the residual stream, when the run stopped at a layer or the encoder has no head). The caller disposes it.</param>
/// <param name="Cache">The activations. The caller disposes it.</param>
public sealed record CachedRun(Tensor Logits, ActivationCache Cache) : IDisposable
{
    /// <summary>Writes the activations as <c>ActivationCache.Save</c> does, and beside them what ran and what came out: <c>input_ids</c>, <c>attention_mask</c> and <c>token_type_ids</c> where there are any, and <c>logits</c> (<c>output</c> of a run that ends before logits). <c>ModelVerification</c> compares any model with such a file.</summary>
    /// <param name="path">Ends in <c>.safetensors</c> or <c>.npz</c>. The file appears whole or not at all.</param>
    /// <param name="about">Further text pairs for the metadata.</param>
    /// <param name="overwrite">Whether a file of that name may be replaced.</param>
    /// <exception cref="IOException">The file exists and <paramref name="overwrite"/> was not asked for.</exception>
    /// <exception cref="ArgumentException">The ending is another, or a pair of <paramref name="about"/> has the name of one that is written anyway.</exception>
    /// <exception cref="InvalidOperationException">The cache is a slice that no longer knows which ids ran, or holds gradients of several scalars.</exception>
    public void Save(string path, IReadOnlyDictionary<string, string>? about = null, bool overwrite = false)
    {
        var input = Cache.Input ?? throw new InvalidOperationException("The cache does not know which ids ran, because it was sliced. Save the whole run, or the activations alone with Cache.Save.");
        using var scope = torch.NewDisposeScope();
        var output = Cache.Model is StackedModel stack && (stack.Unembed is null || Logits.shape[^1] != stack.Config.DVocab) ? ActivationFileExtensions.Output : ActivationFileExtensions.Logits;
        (string Name, Tensor? Value)[] beside = [(ActivationFileExtensions.Ids, input.Ids), (ActivationFileExtensions.Mask, input.Mask), (ActivationFileExtensions.Types, input.TokenTypes), (output, Logits)];
        ActivationFileExtensions.Write(Cache, path, about, overwrite, beside.Where(b => b.Value is not null).Select(b => KeyValuePair.Create(b.Name, Cache.HasBatchDim ? b.Value! : b.Value!.squeeze(0))));
    }

    /// <summary>Frees both.</summary>
    public void Dispose()
    {
        Logits.Dispose();
        Cache.Dispose();
    }
}
