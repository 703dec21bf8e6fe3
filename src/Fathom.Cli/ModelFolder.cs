using Fathom.Hub;

namespace Fathom.Cli;

/// <summary>Finds the folder of a model for commands that need its small files only.</summary>
internal static class ModelFolder
{
    /// <summary>What to say when files are not on this machine and a smaller download than the whole model is enough.</summary>
    /// <param name="missing">What is missing.</param>
    /// <param name="what">What the command needs.</param>
    /// <param name="files">The value of <c>--files</c> that gets it.</param>
    /// <param name="terminal">Whose environment may forbid the network.</param>
    internal static CommandException Missing(ModelNotCachedException missing, string what, string files, Terminal terminal) => new(ExitCode.NotFound,
        $"{missing.RepoId} is not on this machine. Its {what} is enough for this command{(HubOptions.FromEnvironment(terminal.Variable).Offline ? "; HF_HUB_OFFLINE is set, so unset it first" : "")}: {missing.Command} --files {files}", missing);

    /// <summary>The folder of the built-in model, the folder that was named, or the model's snapshot in the shared cache.</summary>
    /// <param name="model">A name, an alias, a Hugging Face id, a folder, or a file in one.</param>
    /// <param name="needed">The files that must be there, for a model of the cache.</param>
    /// <param name="terminal">Whose environment says where the cache is.</param>
    /// <exception cref="CommandException">A path was meant and nothing is there.</exception>
    /// <exception cref="HubException">The name is unknown, or the files are not on this machine.</exception>
    internal static string Find(string model, FileSelection needed, Terminal terminal)
    {
        if (string.IsNullOrWhiteSpace(model))
        {
            throw CommandException.Usage("The model's name is empty. Give a name, an alias, a Hugging Face id or a folder.");
        }

        if (model == UserSettings.BuiltInModel)
        {
            return Path.Combine(AppContext.BaseDirectory, "models", model);
        }

        if (Directory.Exists(model))
        {
            return model;
        }

        if (File.Exists(model))
        {
            return Path.GetDirectoryName(Path.GetFullPath(model))!;
        }

        if (model.StartsWith('.') || Path.IsPathRooted(model))
        {
            throw CommandException.NotFound($"There is no model folder {model} (looked at {Path.GetFullPath(model)}). Give the folder that holds config.json, or a model's name.");
        }

        return new HubCache(HubOptions.FromEnvironment(terminal.Variable).CacheFolder).Find(model, selection: needed).Folder;
    }
}
