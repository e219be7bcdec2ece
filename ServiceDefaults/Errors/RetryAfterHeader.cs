using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace AiPlatform.ServiceDefaults.Errors;

public static class RetryAfterHeader
{
    /// <summary>Says when to come back, in the whole seconds that <c>Retry-After</c> has; nothing when that is not known.</summary>
    public static void SetRetryAfter(this HttpResponse response, TimeSpan? wait)
    {
        if (wait is { } time)
        {
            response.Headers.RetryAfter = Math.Ceiling(time.TotalSeconds).ToString("0", CultureInfo.InvariantCulture);
        }
    }
}
