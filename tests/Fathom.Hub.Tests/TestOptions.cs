namespace Fathom.Hub.Tests;

/// <summary>Options for a fake hub: the real ones with less patience.</summary>
internal static class TestOptions
{
    public static HubOptions For(string endpoint, string cache) => new()
    {
        Endpoint = new Uri(endpoint),
        CacheFolder = cache,
        AnswerTimeout = TimeSpan.FromSeconds(5),
        StallTimeout = TimeSpan.FromSeconds(5),
        RetryDelay = TimeSpan.FromMilliseconds(1),
    };
}
