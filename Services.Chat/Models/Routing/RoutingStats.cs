using AiPlatform.Services.Chat.Models.Catalogue;

namespace AiPlatform.Services.Chat.Models.Routing;

/// <summary>What this replica counted, per group and endpoint.</summary>
internal sealed class RoutingStats(ModelCatalogue catalogue, ModelRouter router, CooldownExchange exchange, EndpointStates states)
{
    public StatsResponse Read() => new(
        [.. catalogue.Current.Groups.Select(group => new GroupStats(group.Name, Wire(group.Routing), [.. router.RouteOf(group).Endpoints.Select(Of)]))],
        exchange.IsShared,
        states.Replicas);

    /// <summary>Each group, and whether any endpoint of it may be asked now.</summary>
    public IReadOnlyDictionary<string, string> Availability() => catalogue.Current.Groups.ToDictionary(
        group => group.Name,
        group => router.RouteOf(group).Endpoints.Count(endpoint => endpoint.State.Circuit.Remaining > TimeSpan.Zero) switch
        {
            0 => "available",
            var cooling when cooling < group.Endpoints.Count => "degraded",
            _ => "unavailable",
        });

    private static EndpointStatsResponse Of(RoutedEndpoint endpoint)
    {
        var (stats, circuit) = (endpoint.State.Stats, endpoint.State.Circuit);
        var ended = stats.Successes + stats.Failures;
        return new(
            endpoint.Endpoint.Name,
            endpoint.Endpoint.Provider,
            endpoint.Endpoint.ModelId,
            endpoint.Endpoint.Weight,
            stats.Requests,
            stats.Successes,
            stats.Failures,
            ended == 0 ? null : Math.Round((double)stats.Successes / ended, 4),
            endpoint.State.Slots.Taken,
            stats.Percentiles(),
            circuit.Remaining > TimeSpan.Zero ? "cooling" : circuit.Probe is not null ? "probing" : "available",
            Math.Round(circuit.Remaining.TotalSeconds, 1));
    }

    private static string Wire(RoutingStrategy strategy) => strategy switch
    {
        RoutingStrategy.LeastBusy => "least_busy",
        RoutingStrategy.Latency => "latency",
        _ => "weighted",
    };
}

internal sealed record StatsResponse(IReadOnlyList<GroupStats> Groups, bool Shared, int Replicas);

internal sealed record GroupStats(string Name, string Routing, IReadOnlyList<EndpointStatsResponse> Endpoints);

/// <param name="SuccessRate">Of the calls that ended, from 0 to 1; null when none did.</param>
internal sealed record EndpointStatsResponse(
    string Name, string Provider, string Model, int Weight, long Requests, long Successes, long Failures, double? SuccessRate,
    int InFlight, LatencyPercentiles? LatencyMs, string State, double CooldownSeconds);
