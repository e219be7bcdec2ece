using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AiPlatform.Services.Chat.Models.Catalogue;

/// <summary>Says when the file on disk is not the catalogue that is served. The old one goes on working, so the service stays ready.</summary>
internal sealed class CatalogueHealthCheck(ModelCatalogue catalogue) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        catalogue.Rejected is { } rejected ? HealthCheckResult.Degraded(rejected.Message) : HealthCheckResult.Healthy());
}
