using System.Text.Json;

namespace Fathom.Cli;

/// <summary>What the user has set once: <c>$XDG_CONFIG_HOME/fathom/config.json</c>, by default <c>~/.config/fathom/config.json</c>.</summary>
internal sealed class UserSettings(string file)
{
    /// <summary>The model that commands use when nobody names one.</summary>
    internal const string BuiltInModel = "names-4l";

    private const string ModelVariable = "FATHOM_MODEL";
    private const string ModelKey = "model";

    internal string File { get; } = file;

    internal static UserSettings Of(Terminal terminal)
    {
        var root = terminal.Variable("XDG_CONFIG_HOME") is { Length: > 0 } named ? named
            : OperatingSystem.IsWindows() ? Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData)
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".config");
        return new(Path.Combine(root, "fathom", "config.json"));
    }

    /// <summary>The model to use and where its name comes from: the option, then FATHOM_MODEL, then the file, then the built-in one.</summary>
    internal static (string Name, string Origin) ModelFor(string? option, Terminal terminal)
    {
        if (option is not null)
        {
            return (option, "--model");
        }

        if (terminal.Variable(ModelVariable) is { Length: > 0 } named)
        {
            return (named, ModelVariable);
        }

        var settings = Of(terminal);
        return settings.Model is { } saved ? (saved, settings.File) : (BuiltInModel, "built in");
    }

    /// <summary>The model in the file; null when there is no file or it names none.</summary>
    /// <exception cref="CommandException">The file is no settings file.</exception>
    internal string? Model
    {
        get
        {
            if (!System.IO.File.Exists(File))
            {
                return null;
            }

            try
            {
                using var document = JsonDocument.Parse(System.IO.File.ReadAllBytes(File));
                string? model = null;
                foreach (var member in document.RootElement.EnumerateObject())
                {
                    if (member.Name != ModelKey || member.Value.ValueKind != JsonValueKind.String)
                    {
                        throw CommandException.Usage($"{File} has '{member.Name}', but only \"{ModelKey}\": \"NAME\" may stand there. Correct the file or delete it.");
                    }

                    model = member.Value.GetString();
                }

                return model;
            }
            catch (Exception cause) when (cause is JsonException or InvalidOperationException)
            {
                throw new CommandException(ExitCode.Usage, $"{File} is not a JSON object of settings. Correct the file or delete it.", cause);
            }
        }
    }

    internal void SetModel(string? name)
    {
        if (name is null)
        {
            System.IO.File.Delete(File);
            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        AtomicFile.Write(File, stream =>
        {
            using var json = new Utf8JsonWriter(stream);
            json.WriteStartObject();
            json.WriteString(ModelKey, name);
            json.WriteEndObject();
        });
    }
}
