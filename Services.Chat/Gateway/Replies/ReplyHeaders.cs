using System.Globalization;

namespace AiPlatform.Services.Chat.Gateway.Replies;

/// <summary>What every reply of the gateway has in its head: the request's id, and how long it took until there was something to say.</summary>
internal sealed class ReplyHeaders
{
    private readonly HttpContext _context;
    private readonly TimeProvider _timeProvider;
    private readonly long _started;

    private ReplyHeaders(HttpContext context, TimeProvider timeProvider) =>
        (_context, _timeProvider, _started) = (context, timeProvider, timeProvider.GetTimestamp());

    public static void Announce(HttpContext context, TimeProvider timeProvider)
    {
        context.TraceIdentifier = RequestIds.Next(timeProvider.GetUtcNow());
        context.Response.Headers[GatewayHeaders.RequestId] = context.TraceIdentifier;
        context.Response.OnStarting(static state => ((ReplyHeaders)state).SetLatency(), new ReplyHeaders(context, timeProvider));
    }

    /// <summary>For a reply that takes the place of another, whose headers were cleared: the request keeps its id, which logs and usage have.</summary>
    public static void EnsureAnnounced(HttpContext context, TimeProvider timeProvider)
    {
        if (RequestIds.IsOne(context.TraceIdentifier))
        {
            context.Response.Headers[GatewayHeaders.RequestId] = context.TraceIdentifier;
        }
        else
        {
            Announce(context, timeProvider);
        }
    }

    private Task SetLatency()
    {
        var (milliseconds, rest) = Math.DivRem((long)_timeProvider.GetElapsedTime(_started).TotalMicroseconds, 1000);
        _context.Response.Headers[GatewayHeaders.LatencyMs] = string.Create(CultureInfo.InvariantCulture, $"{milliseconds}.{rest:000}");
        return Task.CompletedTask;
    }
}
