using System.Globalization;
using System.Net.Http.Headers;

namespace AiPlatform.Services.Chat.Models.Providers.Wire;

/// <summary>When a server that refuses wants to be asked again.</summary>
internal static class RetryHint
{
    /// <summary>A date is read by the server's own clock, which its Date header tells.</summary>
    public static TimeSpan? Of(HttpResponseHeaders headers)
    {
        if (headers.TryGetValues("retry-after-ms", out var values) && Milliseconds(values.First()) is { } exact)
        {
            return exact;
        }

        return headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } when headers.Date is { } now && date > now => date - now,
            _ => null,
        };
    }

    private static TimeSpan? Milliseconds(string value) =>
        double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count) && count is >= 0 and < int.MaxValue
            ? TimeSpan.FromMilliseconds(count)
            : null;
}
