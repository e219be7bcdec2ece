namespace AiPlatform.Services.Chat.Gateway.Replies;

internal static class GatewayHeaders
{
    public const string CacheHit = "X-Proxy-Cache-Hit";
    public const string LatencyMs = "X-Proxy-Latency-Ms";
    public const string Endpoint = "X-Proxy-Endpoint";
    public const string RequestId = "X-Request-Id";

    /// <summary>What the provider calls the request.</summary>
    public const string UpstreamRequestId = "X-Upstream-Request-Id";
}
