using System.Globalization;
using System.Text.RegularExpressions;

namespace Fathom.Hub.Protocol;

/// <summary>How long a hub that limits the rate of requests asks to wait.</summary>
internal static partial class RateLimit
{
    /// <summary>The pause that an answer asks for; null if it names none.</summary>
    /// <remarks><c>RateLimit: "api";r=0;t=55</c> comes first, then <c>Retry-After</c>. A date is measured against the answer's own, so a wrong clock here does no harm.</remarks>
    public static TimeSpan? Pause(HttpResponseMessage response, DateTimeOffset now)
    {
        if (HubAnswer.Header(response, "RateLimit") is { } policy && Remaining().Match(policy) is { Success: true } match)
        {
            return TimeSpan.FromSeconds(int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) + 1);
        }

        var after = response.Headers.RetryAfter;
        var pause = after?.Delta ?? (after?.Date is { } date ? date - (response.Headers.Date ?? now) : null);
        return pause < TimeSpan.Zero ? TimeSpan.Zero : pause;
    }

    [GeneratedRegex(@";\s*t=([0-9]{1,6})(?:\D|\z)", RegexOptions.CultureInvariant)]
    private static partial Regex Remaining();
}
