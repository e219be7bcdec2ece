using AiPlatform.Services.Chat.Models.Catalogue;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AiPlatform.Services.Chat.Models.Routing;

/// <summary>
/// Each group and whether it can be called; whether the catalogue on disk is the one that is served; whether replicas know of each
/// other's endpoints. Providers that fail do not make the service unready: it would be as useless elsewhere, and runs need it.
/// </summary>
internal sealed class ModelHealthCheck(ModelCatalogue catalogue, RoutingStats stats, CooldownExchange exchange) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var groups = stats.Availability();
        var data = new Dictionary<string, object> { ["groups"] = groups };
        var reasons = new List<string>();

        if (catalogue.Rejected is { } rejected)
        {
            reasons.Add(rejected.Message);
        }

        if (!exchange.IsShared)
        {
            reasons.Add("Cooldowns of endpoints are this replica's own: Redis is away.");
        }

        reasons.AddRange(groups.Where(group => group.Value == "unavailable").Select(group => $"No endpoint of '{group.Key}' works at the moment."));
        return Task.FromResult(reasons.Count == 0 ? HealthCheckResult.Healthy(data: data) : HealthCheckResult.Degraded(string.Join(' ', reasons), data: data));
    }
}
