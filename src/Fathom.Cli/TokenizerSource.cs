using Fathom.Hub;
using Fathom.Tokenization;

namespace Fathom.Cli;

/// <summary>Finds a model's tokenizer without its weights.</summary>
internal static class TokenizerSource
{
    /// <summary>The tokenizer of a model, or of a <c>tokenizer.json</c> named by its path.</summary>
    internal static Tokenizer Load(string model, Terminal terminal) => File.Exists(model) && model.EndsWith(".json", StringComparison.OrdinalIgnoreCase)
        ? Tokenizer.FromFile(model)
        : Tokenizer.FromFolder(Folder(model, terminal));

    /// <summary>The folder of a model's tokenizer: the model's own, or that of the repository which its config names.</summary>
    internal static string Folder(string model, Terminal terminal)
    {
        var folder = Find(model, terminal);
        return NamedTokenizer.In(folder) is { } other ? Find(other, terminal) : folder;
    }

    private static string Find(string model, Terminal terminal)
    {
        try
        {
            return ModelFolder.Find(model, FileSelection.Tokenizer, terminal);
        }
        catch (ModelNotCachedException missing)
        {
            throw ModelFolder.Missing(missing, "tokenizer", "tokenizer", terminal);
        }
    }
}
