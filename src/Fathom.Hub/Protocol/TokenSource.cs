namespace Fathom.Hub.Protocol;

/// <summary>The token that requests to the hub carry.</summary>
/// <remarks>Python refreshes short-lived tokens in the file; so the file is read again when the hub answers 401, and never written.</remarks>
internal sealed class TokenSource(HubOptions options)
{
    private const int LongestFile = 16 << 10;

    private HubToken? _token = options.Token ?? Read(options.TokenFile);

    public HubToken? Current => Volatile.Read(ref _token);

    /// <summary>Reads the file again; true if it holds another token than <paramref name="used"/>.</summary>
    public bool Renew(HubToken? used)
    {
        if (options.Token is not null || Read(options.TokenFile) is not { } fresh || fresh.Secret == used?.Secret)
        {
            return false;
        }

        Volatile.Write(ref _token, fresh);
        return true;
    }

    private static HubToken? Read(string? file)
    {
        if (file is null || !File.Exists(file) || new FileInfo(file).Length > LongestFile)
        {
            return null;
        }

        try
        {
            return File.ReadAllText(file) is var text && string.IsNullOrWhiteSpace(text) ? null : new HubToken(text);
        }
        catch (UnauthorizedAccessException)
        {
            // Another user's token file is as good as none: public models need no token.
            return null;
        }
    }
}
