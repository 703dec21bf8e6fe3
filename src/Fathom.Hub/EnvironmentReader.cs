using System.Globalization;
using System.Text.RegularExpressions;

namespace Fathom.Hub;

/// <summary>Reads the hub's environment variables as Python's client reads them.</summary>
internal sealed partial class EnvironmentReader(Func<string, string?> variable)
{
    public HubOptions Read()
    {
        var home = Folder("HF_HOME") ?? Path.Combine(Folder("XDG_CACHE_HOME") ?? Path.Combine(UserHome(), ".cache"), "huggingface");
        var cache = Folder("HF_HUB_CACHE") ?? Folder("HUGGINGFACE_HUB_CACHE") ?? Path.Combine(home, "hub");
        var token = Text("HF_TOKEN") ?? Text("HUGGING_FACE_HUB_TOKEN");
        var silent = Flag("HF_HUB_DISABLE_IMPLICIT_TOKEN");
        return new HubOptions
        {
            Endpoint = ReadEndpoint(),
            CacheFolder = Path.GetFullPath(cache),
            Token = token is null || silent ? null : new HubToken(token),
            TokenFile = silent ? null : Path.GetFullPath(Folder("HF_TOKEN_PATH") ?? Path.Combine(home, "token")),
            Offline = Flag("HF_HUB_OFFLINE") || Flag("TRANSFORMERS_OFFLINE"),
            UseSymlinks = !Flag("HF_HUB_DISABLE_SYMLINKS"),
            AnswerTimeout = Seconds("HF_HUB_ETAG_TIMEOUT"),
            StallTimeout = Seconds("HF_HUB_DOWNLOAD_TIMEOUT"),
        };
    }

    private string? Text(string name) => variable(name)?.Trim() is { Length: > 0 } text ? text : null;

    private bool Flag(string name) => Text(name)?.ToUpperInvariant() is "1" or "ON" or "YES" or "TRUE";

    private TimeSpan Seconds(string name)
    {
        if (Text(name) is not { } text)
        {
            return TimeSpan.FromSeconds(10);
        }

        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and < 86400
            ? TimeSpan.FromSeconds(seconds)
            : throw new HubSettingException(name, "a number of seconds above 0", Quoted.Text(text), "Correct the variable or unset it.");
    }

    private Uri ReadEndpoint()
    {
        var text = Text("HF_ENDPOINT")?.TrimEnd('/') ?? "https://huggingface.co";
        return Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http"
            ? uri
            : throw new HubSettingException("HF_ENDPOINT", "an address like https://huggingface.co", Quoted.Text(text), "Correct the variable or unset it.");
    }

    // Python expands ~ and $NAME in these variables, and leaves a name that is not set as it stands.
    private string? Folder(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        text = VariableInPath().Replace(text, m => variable(m.Groups[1].Value + m.Groups[2].Value) ?? m.Value);
        return text == "~" || text.StartsWith("~/", StringComparison.Ordinal) || text.StartsWith("~\\", StringComparison.Ordinal) ? UserHome() + text[1..] : text;
    }

    private string UserHome() => Text(OperatingSystem.IsWindows() ? "USERPROFILE" : "HOME") ?? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);

    [GeneratedRegex(@"\$(?:(\w+)|\{(\w+)\})", RegexOptions.CultureInvariant)]
    private static partial Regex VariableInPath();
}
