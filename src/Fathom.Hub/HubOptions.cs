namespace Fathom.Hub;

/// <summary>Where the hub is, where the cache is, and how patient the client is.</summary>
/// <remarks><see cref="FromEnvironment"/> reads the same variables as Python's <c>huggingface_hub</c>; <c>docs/hub.md</c> lists them.</remarks>
public sealed record HubOptions
{
    /// <summary>The hub or a mirror of it; https, or http on a loopback address.</summary>
    public Uri Endpoint { get; init; } = new("https://huggingface.co");

    /// <summary>The shared cache's folder (<c>HF_HUB_CACHE</c>).</summary>
    public required string CacheFolder { get; init; }

    /// <summary>The access token, sent to <see cref="Endpoint"/> only; null looks into <see cref="TokenFile"/>.</summary>
    public HubToken? Token { get; init; }

    /// <summary>The file in which <c>hf auth login</c> keeps the token; null sends none unless <see cref="Token"/> is set.</summary>
    public string? TokenFile { get; init; }

    /// <summary>The proxy's address; null takes what <c>HTTPS_PROXY</c>, <c>HTTP_PROXY</c>, <c>ALL_PROXY</c> and <c>NO_PROXY</c> say.</summary>
    public Uri? Proxy { get; init; }

    /// <summary>Whether the network is off limits (<c>HF_HUB_OFFLINE</c>).</summary>
    public bool Offline { get; init; }

    /// <summary>Whether snapshots link to blobs; without links the files themselves lie in the snapshots.</summary>
    public bool UseSymlinks { get; init; } = true;

    /// <summary>Files fetched at the same time, each over one stream.</summary>
    public int ParallelFiles { get; init; } = 8;

    /// <summary>How long the hub may take to answer (<c>HF_HUB_ETAG_TIMEOUT</c>).</summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a file's stream may stand still (<c>HF_HUB_DOWNLOAD_TIMEOUT</c>).</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Over how long a stream must bring a least number of bytes; null is six times <see cref="StallTimeout"/>.</summary>
    internal TimeSpan? PaceWindow { get; init; }

    /// <summary>Attempts in a row that may fail without a byte of progress.</summary>
    public int Attempts { get; init; } = 5;

    /// <summary>The pause after a first failure; each further one doubles it, up to eight times this.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest pause granted to a hub that limits the rate of requests.</summary>
    public TimeSpan LongestRateLimitPause { get; init; } = TimeSpan.FromMinutes(6);

    /// <summary>The options that the environment asks for.</summary>
    /// <param name="variable">Reads one environment variable; null reads the process's own.</param>
    /// <exception cref="HubSettingException">A variable has a value that cannot be meant.</exception>
    public static HubOptions FromEnvironment(Func<string, string?>? variable = null) => new EnvironmentReader(variable ?? Environment.GetEnvironmentVariable).Read();
}
