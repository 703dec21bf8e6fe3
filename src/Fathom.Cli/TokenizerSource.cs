using Fathom.Hub;
using Fathom.Tokenization;

namespace Fathom.Cli;

/// <summary>Finds a model's tokenizer without its weights.</summary>
internal static class TokenizerSource
{
    /// <summary>The tokenizer of the built-in model, of a folder or file, or of a model in the shared cache.</summary>
    internal static Tokenizer Load(string model, Terminal terminal)
    {
        if (model == UserSettings.BuiltInModel)
        {
            return Tokenizer.FromFolder(Path.Combine(AppContext.BaseDirectory, "models", model));
        }

        if (Directory.Exists(model))
        {
            return Tokenizer.FromFolder(model);
        }

        if (File.Exists(model))
        {
            return Tokenizer.FromFile(model);
        }

        if (model.StartsWith('.') || Path.IsPathRooted(model))
        {
            throw CommandException.NotFound($"There is no model folder {model} (looked at {Path.GetFullPath(model)}).");
        }

        var cache = new HubCache(HubOptions.FromEnvironment(terminal.Variable).CacheFolder);
        return Tokenizer.FromFolder(cache.Find(model, selection: FileSelection.Tokenizer).Folder);
    }
}
