using System.Globalization;
using AiPlatform.Services.Chat.Keys.Limits;
using AiPlatform.Services.Chat.Models.Calls;

namespace AiPlatform.Services.Chat.Gateway.Replies;

/// <summary>Where the caller stands, in the headers that OpenAI's clients read: as far as this replica knows when the reply begins.</summary>
internal static class RateLimitHeaders
{
    public static void Announce(HttpContext context, LimitObserver limits, ModelCaller caller)
    {
        if (limits.IsLimited(caller))
        {
            context.Response.OnStarting(() =>
            {
                if (limits.StatusOf(caller) is { } status)
                {
                    Set(context.Response.Headers, "requests", status.RequestLimit, status.RequestsLeft);
                    Set(context.Response.Headers, "tokens", status.TokenLimit, status.TokensLeft);
                }

                return Task.CompletedTask;
            });
        }
    }

    // The bucket is full again after as much of a minute as is missing of it.
    private static void Set(IHeaderDictionary headers, string what, int? limit, double left)
    {
        if (limit is { } most)
        {
            headers[$"x-ratelimit-limit-{what}"] = most.ToString(CultureInfo.InvariantCulture);
            headers[$"x-ratelimit-remaining-{what}"] = Math.Floor(left).ToString("0", CultureInfo.InvariantCulture);
            headers[$"x-ratelimit-reset-{what}"] = Format(TimeSpan.FromMinutes((most - left) / most));
        }
    }

    // 1m0s, 2.5s, 20ms
    internal static string Format(TimeSpan time) => time < TimeSpan.FromSeconds(1)
        ? string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(time.TotalMilliseconds):0}ms")
        : string.Create(CultureInfo.InvariantCulture, $"{(time >= TimeSpan.FromMinutes(1) ? $"{(int)time.TotalMinutes}m" : "")}{time.TotalSeconds % 60:0.###}s");
}
