using System.Diagnostics.Metrics;
using AiPlatform.Services.Chat.Models.Calls;

namespace AiPlatform.Services.Chat.Models.Caching;

/// <summary>How often the cache answers. By model and kind of call; whose they were stays out.</summary>
internal static class CacheTelemetry
{
    private static readonly Meter Meter = new("AiPlatform.Services.Chat");

    private static readonly Counter<long> Hits = Meter.CreateCounter<long>("aiplatform.gateway.cache.hits", "{request}", "Requests answered without asking an endpoint.");
    private static readonly Counter<long> Misses = Meter.CreateCounter<long>("aiplatform.gateway.cache.misses", "{request}", "Requests that had no reply kept for them.");
    private static readonly Counter<long> Stores = Meter.CreateCounter<long>("aiplatform.gateway.cache.stores", "{reply}", "Replies that were kept.");

    /// <param name="source">memory, redis, or shared: the reply to an identical request that was under way.</param>
    public static void Hit(ModelCallStart call, string source) =>
        Hits.Add(1, new("gen_ai.request.model", call.Group.Name), new("aiplatform.cache.kind", call.Kind.ToString()), new("aiplatform.cache.source", source));

    public static void Miss(ModelCallStart call) => Misses.Add(1, new("gen_ai.request.model", call.Group.Name), new KeyValuePair<string, object?>("aiplatform.cache.kind", call.Kind.ToString()));

    public static void Stored(string model) => Stores.Add(1, new KeyValuePair<string, object?>("gen_ai.request.model", model));
}
