namespace AiPlatform.Services.Chat.Models.Catalogue;

/// <summary>What may be asked of an endpoint. Null is no limit.</summary>
internal sealed record EndpointLimits
{
    public static readonly EndpointLimits None = new();

    /// <summary>Calls in flight, per replica.</summary>
    public int? Concurrency { get; init; }

    /// <summary>How long a call waits for a place among them.</summary>
    public TimeSpan Wait { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Over all replicas together: each takes its share.</summary>
    public int? RequestsPerMinute { get; init; }

    /// <inheritdoc cref="RequestsPerMinute"/>
    public int? TokensPerMinute { get; init; }
}
