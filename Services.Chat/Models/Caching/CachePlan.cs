using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using AiPlatform.Services.Chat.Models.Calls;
using AiPlatform.Services.Chat.Models.Catalogue;
using AiPlatform.Services.Chat.Models.Forwarding;

namespace AiPlatform.Services.Chat.Models.Caching;

/// <summary>What the cache does with one call.</summary>
/// <param name="Reads">It may be answered with a reply that was kept, or with that of an identical call under way.</param>
/// <param name="Stores">Its reply may be kept.</param>
internal sealed record CachePlan(CacheAddress Address, CacheOrigin Origin, bool Reads, bool Stores, TimeSpan TimeToLive)
{
    // Endpoints and we ourselves keep a response for so long: a copy of it must not outlive it.
    private static readonly TimeSpan LongestForResponses = TimeSpan.FromHours(6);

    /// <summary>Whether the cache may have a part in the call, whatever it says.</summary>
    public static bool MayUse(ModelCallStart start, CacheControl control)
    {
        var settings = start.Group.Cache;
        return settings.IsOn && (control.Asks || settings.ServesRuns || start.Caller.RunId is null)
            && control is not { NoCache: true, NoStore: true }

            // The embedded model answers alike of itself, sooner than Redis.
            && !start.Group.Endpoints.All(static endpoint => endpoint.Provider == ModelProvider.Local);
    }

    /// <summary>Of a call for which <see cref="MayUse"/> holds.</summary>
    /// <returns>Null when the cache has no part in the call.</returns>
    public static CachePlan? Of(ModelCallStart start, RequestBody body, CacheControl control)
    {
        try
        {
            using var document = JsonDocument.Parse(body.Bytes, new JsonDocumentOptions { AllowDuplicateProperties = false });
            return Of(start, document.RootElement, control);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // A member twice, or a text that is no Unicode: what it means is for each endpoint to say, so no two of them are the same.
            return null;
        }
    }

    private static CachePlan? Of(ModelCallStart start, JsonElement json, CacheControl control)
    {
        var settings = start.Group.Cache;
        var isResponse = start.Kind == ModelCallKind.Responses;

        // What runs in the background, or becomes part of a conversation, is more than its reply.
        if (isResponse && (IsTrue(json, "background") || Has(json, "conversation")))
        {
            return null;
        }

        // A response that is kept can be asked for by its id, and by its owner only.
        var isKept = isResponse && !IsFalse(json, "store");
        var scope = isKept ? CacheScope.User : control.Scope ?? settings.Scope;
        var timeToLive = isKept && settings.TimeToLive > LongestForResponses ? LongestForResponses : settings.TimeToLive!.Value;
        var caller = start.Caller;
        var owner = scope == CacheScope.User ? caller.UserId : Guid.Empty;
        return new(
            new(caller.PracticeId, owner, HashOf(start, owner, json)), new(caller.PracticeId, caller.UserId, start.Group.Name), !control.NoCache, !control.NoStore, timeToLive);
    }

    private static string HashOf(ModelCallStart start, Guid owner, JsonElement json)
    {
        using var buffer = new PooledBuffer(4096);
        buffer.Write([(byte)start.Kind, start.Streams ? (byte)1 : (byte)0]);
        buffer.Write(start.Caller.PracticeId.ToByteArray());
        buffer.Write(owner.ToByteArray());
        buffer.Write(GroupIdentity.Of(start.Group));

        // Which name of the group was used says nothing, and of a stream there is one spelling less than of what is none.
        CanonicalJson.WriteObject(json, static name => name is not ("model" or "stream" or "cache"), buffer);
        return Convert.ToHexStringLower(SHA256.HashData(buffer.Written.Span));
    }

    private static bool IsTrue(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    private static bool IsFalse(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.False;

    private static bool Has(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null;
}
