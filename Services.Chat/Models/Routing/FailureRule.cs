using AiPlatform.ServiceDefaults.Errors;

namespace AiPlatform.Services.Chat.Models.Routing;

/// <summary>What a failure of an endpoint means for the call and for the endpoint.</summary>
/// <param name="Retries">Another endpoint may be asked.</param>
/// <param name="Cools">The endpoint is left alone for the group's cooldown. Never for an answer of the 400s: the server is there.</param>
/// <param name="Rest">It said itself for how long it wants to be left alone.</param>
internal readonly record struct FailureRule(bool Retries, bool Cools, TimeSpan? Rest = null)
{
    /// <summary>The request is at fault, not the endpoint.</summary>
    public bool IsCallers { get; private init; }

    // A server that says "in a year" is asked again sooner.
    private static readonly TimeSpan LongestRest = TimeSpan.FromMinutes(10);

    public static FailureRule Of(DomainException failure) => failure.Code switch
    {
        "provider.rate_limited" => new(true, false, failure.RetryAfter is { } rest && rest > LongestRest ? LongestRest : failure.RetryAfter),
        "provider.request_timeout" => new(true, false),
        "provider.error" or "provider.overloaded" or "provider.unreachable" or "provider.timeout" or "provider.stream_broken" or "provider.unreadable_reply" => new(true, true),
        "provider.refused" => new(false, false),
        _ => new(false, false) { IsCallers = true },
    };
}
