namespace Fathom.Hub;

/// <summary>An access token that never shows itself in text.</summary>
public sealed class HubToken
{
    private readonly string _secret;

    /// <summary>Wraps a token.</summary>
    /// <param name="secret">The token, e.g. from the hub's settings page; spaces and line ends around it are dropped.</param>
    /// <exception cref="HubSettingException">It has characters that no token has.</exception>
    public HubToken(string secret)
    {
        ArgumentNullException.ThrowIfNull(secret);
        _secret = secret.Trim();
        if (_secret.Length == 0 || _secret.Any(c => c is <= ' ' or >= '\x7f'))
        {
            throw new HubSettingException("HF_TOKEN", "a token of printable characters without spaces", "something else (not shown)",
                "Copy the token again from the hub's settings page, or unset the variable.");
        }
    }

    internal string Secret => _secret;

    /// <summary>Always <c>hf_***</c>.</summary>
    public override string ToString() => "hf_***";
}
