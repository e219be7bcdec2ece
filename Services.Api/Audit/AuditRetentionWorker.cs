using AiPlatform.ServiceDefaults.Hosting;

namespace AiPlatform.Services.Api.Audit;

/// <summary>Looks once an hour for rows past their time. Several replicas may do so at once.</summary>
internal sealed class AuditRetentionWorker(AuditRetention retention, TimeProvider timeProvider, ILogger<AuditRetentionWorker> logger)
    : PeriodicService(TimeSpan.FromHours(1), timeProvider, logger)
{
    protected override Task RunRoundAsync(CancellationToken cancellationToken) => retention.RemoveAsync(cancellationToken);
}
