using System.Collections.Concurrent;
using AiPlatform.Services.Chat.Models.Calls;
using AiPlatform.Services.Chat.Models.Catalogue;
using AiPlatform.Services.Chat.Models.Forwarding;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Chat.Models.Caching;

/// <summary>
/// The plans of requests that have just come in the very same bytes from the same caller: finding out what a request says, however it is spelt, costs more
/// than all else of a hit. Kept as briefly as the replies in memory, and bounded.
/// </summary>
internal sealed class KnownPlans(IOptions<CacheOptions> options, TimeProvider timeProvider)
{
    private const int Most = 1024;
    private const int LongestBody = 8 * 1024;

    private readonly TimeSpan _longest = TimeSpan.FromSeconds(options.Value.MemorySeconds);
    private volatile Generation _now = new(timeProvider.GetTimestamp());

    /// <returns>Null when the cache has no part in the call.</returns>
    public CachePlan? Of(ModelCallStart start, RequestBody body, CacheControl control)
    {
        if (!CachePlan.MayUse(start, control))
        {
            return null;
        }

        if (body.Bytes.Length > LongestBody)
        {
            return CachePlan.Of(start, body, control);
        }

        var now = _now;
        var isOld = timeProvider.GetElapsedTime(now.BegunAt) >= _longest;
        var request = new Request(start.Group, start.Kind, start.Streams, start.Caller.PracticeId, start.Caller.UserId, control, body.Bytes);

        if (!isOld && now.Plans.TryGetValue(request, out var known))
        {
            return known;
        }

        var plan = CachePlan.Of(start, body, control);

        if (isOld || now.Plans.Count >= Most)
        {
            _now = now = new(timeProvider.GetTimestamp());
        }

        // The body's own bytes go back to the pool.
        now.Plans[request with { Body = body.Bytes.ToArray() }] = plan;
        return plan;
    }

    private sealed record Generation(long BegunAt)
    {
        public ConcurrentDictionary<Request, CachePlan?> Plans { get; } = new();
    }

    /// <summary>All that a plan goes by. The group is the catalogue's own, so another one after every reload.</summary>
    private readonly record struct Request(ModelGroup Group, ModelCallKind Kind, bool Streams, Guid PracticeId, Guid UserId, CacheControl Control, ReadOnlyMemory<byte> Body)
    {
        public bool Equals(Request other) =>
            ReferenceEquals(Group, other.Group) && Kind == other.Kind && Streams == other.Streams && PracticeId == other.PracticeId && UserId == other.UserId && Control == other.Control
            && Body.Span.SequenceEqual(other.Body.Span);

        public override int GetHashCode()
        {
            var hash = default(HashCode);
            hash.Add(UserId);
            hash.AddBytes(Body.Span);
            return hash.ToHashCode();
        }
    }
}
