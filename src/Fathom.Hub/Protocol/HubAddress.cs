using System.Net;

namespace Fathom.Hub.Protocol;

/// <summary>The hub's addresses, and which of them a request may follow.</summary>
internal sealed class HubAddress
{
    private readonly Uri _endpoint;
    private readonly string _base;

    public HubAddress(Uri endpoint)
    {
        _endpoint = endpoint;
        _base = endpoint.GetLeftPart(UriPartial.Path).TrimEnd('/');
        if (endpoint.Scheme != Uri.UriSchemeHttps && !(endpoint.Scheme == Uri.UriSchemeHttp && IsLoopback(endpoint)))
        {
            throw new HubSettingException("HF_ENDPOINT", "an https address (http only on this machine itself)", Quoted.Text(Shown(endpoint)), "Use https, or unset the variable.");
        }
    }

    /// <summary>A file of a repository at a revision.</summary>
    public Uri File(string repoId, string revision, string path) => new($"{_base}/{repoId}/resolve/{Uri.EscapeDataString(revision)}/{EscapePath(path)}");

    /// <summary>The list of a repository's files at a revision.</summary>
    public Uri Listing(string repoId, string revision) => new($"{_base}/api/models/{repoId}/revision/{Uri.EscapeDataString(revision)}?blobs=true");

    /// <summary>The search for models.</summary>
    public Uri Search(string text, int limit) => new($"{_base}/api/models?search={Uri.EscapeDataString(text)}&limit={limit}&sort=downloads&direction=-1");

    /// <summary>A repository's page, for people.</summary>
    public Uri Page(string repoId) => new($"{_base}/{repoId}");

    /// <summary>Whether an address is the hub itself, to which alone the token may go.</summary>
    public bool IsHub(Uri address) => address.Scheme == _endpoint.Scheme && address.Port == _endpoint.Port && address.IdnHost.Equals(_endpoint.IdnHost, StringComparison.OrdinalIgnoreCase);

    /// <summary>Where a redirect leads; null if it must not be followed.</summary>
    public Uri? Follow(Uri from, Uri location)
    {
        var to = location.IsAbsoluteUri ? location : new Uri(from, location);
        return to.Scheme == Uri.UriSchemeHttps || (to.Scheme == Uri.UriSchemeHttp && from.Scheme == Uri.UriSchemeHttp && IsLoopback(_endpoint) && IsLoopback(to)) ? to : null;
    }

    /// <summary>An address without its query, which may be a credential, and without user information.</summary>
    public static string Shown(Uri address) => Quoted.Plain(address.IsAbsoluteUri ? address.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped) : "a relative address", 200);

    /// <summary>Scheme, host and port alone.</summary>
    public static string Host(Uri address) => address.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped);

    private static bool IsLoopback(Uri address) => address.IsLoopback && (address.HostNameType == UriHostNameType.Dns || IPAddress.IsLoopback(IPAddress.Parse(address.DnsSafeHost)));

    private static string EscapePath(string path) => string.Join('/', path.Split('/').Select(Uri.EscapeDataString));
}
