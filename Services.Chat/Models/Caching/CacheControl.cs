using System.Text.Json;
using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.Services.Chat.Models.Catalogue;
using AiPlatform.Services.Chat.Models.Forwarding;

namespace AiPlatform.Services.Chat.Models.Caching;

/// <summary>What a request itself says of the cache.</summary>
/// <param name="NoCache">It is not to be answered with a reply that was kept; the fresh one replaces that.</param>
/// <param name="NoStore">Its reply is not to be kept.</param>
/// <param name="Asks">It asks for the cache where that is not used of itself.</param>
internal readonly record struct CacheControl(bool NoCache, bool NoStore, bool Asks, CacheScope? Scope)
{
    /// <param name="httpHeader">The header Cache-Control, as HTTP's own clients set it.</param>
    /// <exception cref="DomainException">A member that is misspelt would be a wish for privacy that nobody hears.</exception>
    public static CacheControl Of(RequestBody body, string? httpHeader)
    {
        var control = new CacheControl(Says(httpHeader, "no-cache"), Says(httpHeader, "no-store"), false, null);

        // {"no-cache": true, "scope": "practice"}
        if (body.Cache is not { } member || member.Kind == JsonTokenType.Null)
        {
            return control;
        }

        var json = member.Value(body.Bytes.Span);
        var seen = new HashSet<string>(StringComparer.Ordinal);

        if (member.Kind != JsonTokenType.StartObject)
        {
            throw RequestBody.Invalid("cache", "cache is an object.");
        }

        foreach (var part in JsonMembers.Of(json))
        {
            var name = part.Name(json);

            if (!seen.Add(name))
            {
                throw RequestBody.Invalid($"cache.{name}", "The request has this twice.");
            }

            control = name switch
            {
                "no-cache" => control with { NoCache = control.NoCache | RequestBody.Flag(part, "cache.no-cache") },
                "no-store" => control with { NoStore = control.NoStore | RequestBody.Flag(part, "cache.no-store") },
                "use-cache" => control with { Asks = RequestBody.Flag(part, "cache.use-cache") },
                "scope" => control with { Scope = ScopeOf(part.Value(json)) },
                _ => throw RequestBody.Invalid("cache", "cache has no-cache, no-store, use-cache and scope."),
            };
        }

        return control;
    }

    private static CacheScope? ScopeOf(ReadOnlySpan<byte> value) =>
        value.SequenceEqual("null"u8) ? null
        : value.SequenceEqual("\"user\""u8) ? CacheScope.User
        : value.SequenceEqual("\"practice\""u8) ? CacheScope.Practice
        : throw RequestBody.Invalid("cache.scope", "cache.scope is user or practice.");

    private static bool Says(string? header, string word) =>
        header is { Length: > 0 } && header.Split(',').Any(part => part.AsSpan().Trim().Equals(word, StringComparison.OrdinalIgnoreCase));
}
