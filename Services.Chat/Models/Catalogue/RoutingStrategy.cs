namespace AiPlatform.Services.Chat.Models.Catalogue;

/// <summary>How a group spreads calls over its endpoints. Endpoints of weight 0 are used only when no other is left.</summary>
internal enum RoutingStrategy
{
    /// <summary>In turn, in proportion to their weights.</summary>
    Weighted,

    /// <summary>The one with the fewest calls in flight for its weight.</summary>
    LeastBusy,

    /// <summary>The one that lately answered soonest, allowing for what it has in flight.</summary>
    Latency,
}
