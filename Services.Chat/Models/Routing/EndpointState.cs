using AiPlatform.Services.Chat.Models.Catalogue;

namespace AiPlatform.Services.Chat.Models.Routing;

/// <summary>What this replica knows of one endpoint. It outlives reloads of the catalogue.</summary>
internal sealed class EndpointState(string id, TimeProvider timeProvider)
{
    public string Id => id;

    public EndpointSlots Slots { get; } = new(timeProvider);

    public EndpointCircuit Circuit { get; } = new(timeProvider);

    public EndpointStats Stats { get; } = new(timeProvider);

    public RateMeter Requests { get; } = new(timeProvider);

    public RateMeter Tokens { get; } = new(timeProvider);

    /// <returns>Zero when its rates allow a call now.</returns>
    public TimeSpan UntilRateAllows(EndpointLimits limits, int replicas)
    {
        var requests = limits.RequestsPerMinute is { } rpm ? Requests.UntilFree((double)rpm / replicas) : TimeSpan.Zero;
        var tokens = limits.TokensPerMinute is { } tpm ? Tokens.UntilFree((double)tpm / replicas) : TimeSpan.Zero;
        return requests > tokens ? requests : tokens;
    }
}
