using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace Fathom.Hub.Protocol;

/// <summary>Sends requests and follows redirects by hand, so that the token reaches the hub and nobody else.</summary>
internal sealed class HubConnection : IDisposable
{
    private const int MostRedirects = 5;

    private readonly HubOptions _options;
    private readonly TokenSource _tokens;
    private readonly HttpClient _http;

    public HubConnection(HubOptions options)
    {
        _options = options;
        _tokens = new TokenSource(options);
        Address = new HubAddress(options.Endpoint);
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = options.AnswerTimeout,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            MaxResponseHeadersLength = 64,
        };
        if (options.Proxy is not null)
        {
            handler.Proxy = new WebProxy(options.Proxy);
        }

        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    public HubAddress Address { get; }

    public bool HasToken => _tokens.Current is not null;

    /// <summary>Sends a request and follows its redirects; the caller disposes the answer.</summary>
    /// <param name="method">GET or HEAD.</param>
    /// <param name="address">Where to begin.</param>
    /// <param name="from">The first byte wanted; 0 asks for everything.</param>
    /// <param name="follow">Whether to follow a redirect that leads away from the hub, given its answer.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<HubAnswer> Send(HttpMethod method, Uri address, long from, Func<HttpResponseMessage, bool> follow, CancellationToken cancellation)
    {
        var (at, leftHub, renewed) = (address, false, false);
        for (var redirects = 0; ;)
        {
            leftHub |= !Address.IsHub(at);
            var token = leftHub ? null : _tokens.Current;
            var response = await SendOnce(method, at, from, token, cancellation).ConfigureAwait(false);
            if (response.StatusCode == HttpStatusCode.Unauthorized && !leftHub && !renewed && _tokens.Renew(token))
            {
                renewed = true;
                response.Dispose();
                continue;
            }

            var isRedirect = response.StatusCode is HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect;
            if (!isRedirect || response.Headers.Location is not { } location)
            {
                return new HubAnswer(response, at, leftHub);
            }

            if (Address.Follow(at, location) is not { } next)
            {
                response.Dispose();
                throw new HubIntegrityException(HubAddress.Shown(at), $"{HubAddress.Shown(at)} redirects to {HubAddress.Shown(location)}, which is not https. Nothing was fetched; if HF_ENDPOINT names a mirror, try another or unset it.");
            }

            if (!Address.IsHub(next) && !follow(response))
            {
                return new HubAnswer(response, at, leftHub);
            }

            response.Dispose();
            if (++redirects > MostRedirects)
            {
                throw new HubIntegrityException(HubAddress.Shown(address), $"{HubAddress.Shown(address)} redirects more than {MostRedirects} times. If HF_ENDPOINT names a mirror, try another or unset it.");
            }

            at = next;
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> SendOnce(HttpMethod method, Uri address, long from, HubToken? token, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, address);
        request.Headers.TryAddWithoutValidation("User-Agent", "fathom/0.1 (dotnet)");
        request.Headers.TryAddWithoutValidation("Accept-Encoding", "identity");
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Secret);
        }

        if (from > 0)
        {
            request.Headers.Range = new RangeHeaderValue(from, null);
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(_options.AnswerTimeout);
        try
        {
            return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new RetryableException($"no answer from {HubAddress.Host(address)} within {_options.AnswerTimeout.TotalSeconds:0.#} s", e) { Unreachable = HubAddress.Host(address) };
        }
        catch (HttpRequestException e)
        {
            throw new RetryableException(Reason(e), e) { Unreachable = e.HttpRequestError is HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.ProxyTunnelError or HttpRequestError.SecureConnectionError ? HubAddress.Host(address) : null };
        }
    }

    private static string Reason(HttpRequestException e) => e.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError => "its name does not resolve",
        HttpRequestError.ProxyTunnelError => "the proxy refuses the connection",
        HttpRequestError.SecureConnectionError => "no secure connection (is a proxy or the clock in the way?)",
        _ when e.InnerException is SocketException socket => $"no connection ({socket.SocketErrorCode})",
        _ => "the connection broke before an answer",
    };
}
