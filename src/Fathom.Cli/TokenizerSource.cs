using Fathom.Hub;
using Fathom.Tokenization;

namespace Fathom.Cli;

/// <summary>Finds a model's tokenizer without its weights.</summary>
internal static class TokenizerSource
{
    /// <summary>The tokenizer of a model, or of a <c>tokenizer.json</c> named by its path.</summary>
    internal static Tokenizer Load(string model, Terminal terminal) => File.Exists(model) && model.EndsWith(".json", StringComparison.OrdinalIgnoreCase)
        ? Tokenizer.FromFile(model)
        : Tokenizer.FromFolder(ModelFolder.Find(model, FileSelection.Tokenizer, terminal));
}
