namespace AiPlatform.Services.Chat.Models.Catalogue;

/// <summary>A logical model: the name callers use, and the endpoints that serve it.</summary>
internal sealed record ModelGroup
{
    public static readonly TimeSpan DefaultCooldown = TimeSpan.FromSeconds(60);

    public required string Name { get; init; }

    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>Null when the catalogue does not say: then nothing is held back for want of one.</summary>
    public ModelCapabilities? Capabilities { get; init; }

    /// <summary>Null when the catalogue does not say: calls cost nothing that we know of.</summary>
    public ModelPrices? Prices { get; init; }

    public RoutingStrategy Routing { get; init; }

    public CacheSettings Cache { get; init; } = CacheSettings.Default;

    /// <summary>How long an endpoint that failed is left alone.</summary>
    public TimeSpan Cooldown { get; init; } = DefaultCooldown;

    public required IReadOnlyList<ModelEndpoint> Endpoints { get; init; }
}
