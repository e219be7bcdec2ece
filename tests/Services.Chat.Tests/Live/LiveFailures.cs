using AiPlatform.ServiceDefaults.Errors;

namespace AiPlatform.Services.Chat.Tests.Live;

/// <summary>Which failures of a provider say nothing about us. Few and named, so that no other failure hides behind them.</summary>
internal static class LiveFailures
{
    /// <returns>Null for a failure that is to be looked at.</returns>
    public static string? ReasonToSkip(Exception exception) => exception is not DomainException { Code: var code } ? null : code switch
    {
        "provider.rate_limited" => "The provider is over its limit or quota for this key.",
        "provider.overloaded" => "The provider has no capacity now.",
        "provider.unreachable" => "The provider cannot be reached from here.",
        "provider.refused" => "The provider does not take this key.",
        _ => null,
    };
}

internal sealed class LiveSkippedException(string reason, Exception? cause = null)
    : Exception(string.IsNullOrWhiteSpace(reason) ? throw new ArgumentException("A skip says why.", nameof(reason)) : reason, cause);
