namespace Fathom.Hub.Protocol;

/// <summary>Turns the hub's refusals into exceptions that say what to do.</summary>
internal static class HubErrors
{
    /// <summary>What an unsuccessful answer means.</summary>
    public static Exception Of(HubAnswer answer, HubConnection connection, string repoId, string revision, string? path)
    {
        var (status, code, text) = (answer.Status, answer.Header("X-Error-Code"), answer.Header("X-Error-Message") ?? "");
        var page = connection.Address.Page(repoId);
        return (status, code) switch
        {
            (408 or 429 or 500 or 502 or 503 or 504, _) => new RetryableException(Said(answer)) { Pause = status is 429 or 503 ? RateLimit.Pause(answer.Response, DateTimeOffset.UtcNow) : null },
            (_, "GatedRepo") => new GatedRepositoryException(repoId, page, connection.HasToken),
            (_, "RevisionNotFound") => new RevisionNotFoundException(repoId, revision, page.ToString()),
            (_, "EntryNotFound") => new HubFileNotFoundException(repoId, revision, [path ?? "?"], $"Its files are listed at {page}/tree/main."),
            (_, "RepoNotFound") => Missing(repoId, connection.HasToken),
            (401, _) when text.Contains("redential", StringComparison.Ordinal) => new HubAccessException(repoId, status,
                $"The hub does not accept the token ({Said(answer)}). Make a new one at the hub's settings page and set HF_TOKEN to it; or unset HF_TOKEN (and remove the token file): public models need none."),
            (401, _) => Missing(repoId, connection.HasToken),
            (403, _) when text.Contains("disabled", StringComparison.OrdinalIgnoreCase) => new HubAccessException(repoId, status, $"The hub disabled {repoId} ({Said(answer)}). Look for the model under another owner."),
            (403, _) => new HubAccessException(repoId, status, $"The hub does not let you read {repoId} ({Said(answer)}). Look at {page} signed in; then check that the token in HF_TOKEN may read it."),
            (404, _) when path is null => Missing(repoId, connection.HasToken),
            (404, _) => new HubFileNotFoundException(repoId, revision, [path!], $"Its files are listed at {page}/tree/main."),
            _ => new HubTransferException(path ?? repoId, 1, Said(answer), "That is not an answer of the hub; if HF_ENDPOINT names a mirror or a proxy is in use, look there."),
        };
    }

    /// <summary>The status, the hub's own words and the id by which its operators find the request.</summary>
    public static string Said(HubAnswer answer)
    {
        var words = answer.Header("X-Error-Message") is { } text ? $": {Quoted.Plain(text, 200)}" : "";
        var id = answer.Header("X-Request-Id") is { } request ? $", request {Quoted.Plain(request, 80)}" : "";
        return $"{HubAddress.Host(answer.Address)} answered {answer.Status}{words}{id}";
    }

    private static RepositoryNotFoundException Missing(string repoId, bool sentToken)
    {
        var near = ModelNames.Nearest(repoId).Where(n => !n.Equals(repoId, StringComparison.OrdinalIgnoreCase)).ToArray();
        return new RepositoryNotFoundException(repoId, (near.Length > 0 ? $"Did you mean {string.Join(", ", near)}? " : "'fathom models search TEXT' searches. ")
            + (sentToken ? "A private model shows only to a token that may read it." : "A private model shows only to its members: set HF_TOKEN."));
    }
}
