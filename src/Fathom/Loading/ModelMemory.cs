using Fathom.Components;
using Fathom.Models;

namespace Fathom.Loading;

/// <summary>The memory that a model's weights will take, from its shape alone: a plan before anything is read or downloaded.</summary>
/// <param name="Parameters">The numbers in the model's files: every parameter once, tied ones once.</param>
/// <param name="AsInFile">Bytes of the weights as they lie in the file, in the type they are loaded in.</param>
/// <param name="Processed">Bytes of the weights with default processing, which separates a tied unembedding from the embedding; the same as <paramref name="AsInFile"/> where nothing is separated.</param>
public sealed record ModelMemory(long Parameters, long AsInFile, long Processed)
{
    /// <summary>Loading takes at most this many times the bytes of the weights at its peak, beside the runtime and the tokenizer.</summary>
    public const double PeakFactor = 1.25;

    /// <summary>The most bytes that loading takes as in the file.</summary>
    public long PeakAsInFile => (long)(AsInFile * PeakFactor);

    /// <summary>The most bytes that loading with default processing takes.</summary>
    public long PeakProcessed => (long)(Processed * PeakFactor);

    /// <summary>Plans the memory of a model that was built from its config and needs no weights for that.</summary>
    /// <param name="model">The model.</param>
    /// <param name="dtype">The type it will be loaded in.</param>
    public static ModelMemory Of(HookedModel model, torch.ScalarType dtype)
    {
        ArgumentNullException.ThrowIfNull(model);
        var config = model switch
        {
            StackedModel stack => stack.Config,
            HookedEncoderDecoder two => two.Config,
            _ => throw new ArgumentException($"The memory of a {model.GetType().Name} cannot be planned.", nameof(model)),
        };
        string[] shared = [.. config.Blocks.Index().Where(b => b.Item.WeightsOf is not null).Select(b => $"blocks.{b.Index}.")];
        var head = model.Weights.FirstOrDefault(w => w.Name == "unembed.W_U");
        var own = model.Weights.Where(w => Exists(w) && !shared.Any(s => w.Name.StartsWith(s, StringComparison.Ordinal)) && !(config.TiedEmbeddings && w == head) && (config.UnembedBias || w.Name != "unembed.b_U")).ToList();
        var wide = ModelLoader.GainOffsets(model);
        var bytes = own.Sum(w => w.Count * (wide.ContainsKey(w.Name) ? Math.Max(4, Size(w, dtype)) : Size(w, dtype)));
        var apart = config.TiedEmbeddings && head is not null && model is HookedTransformer decoder && Separates(decoder) ? head.Count * Size(head, dtype) : 0;
        return new(own.Sum(w => w.Count), bytes, bytes + apart);
    }

    /// <summary>Whether default processing changes embedding and unembedding apart.</summary>
    private static bool Separates(HookedTransformer model) =>
        (model.LnFinal is not null && ProcessingValidity.FoldLayerNorm(model) is null) || ProcessingValidity.CenterWriting(model) is null || ProcessingValidity.CenterUnembed(model) is null;

    /// <summary>Whether a file of the model holds a weight: all but biases that the family leaves out.</summary>
    private static bool Exists(Weight weight) => weight.IsRequired || weight.Name.EndsWith(".w", StringComparison.Ordinal) || weight.Name.EndsWith(".b", StringComparison.Ordinal);

    private static long Size(Weight weight, torch.ScalarType dtype) => weight.Kept(dtype) switch
    {
        torch.ScalarType.Float64 => 8,
        torch.ScalarType.Float16 or torch.ScalarType.BFloat16 => 2,
        _ => 4,
    };
}
