using AiPlatform.ServiceDefaults.Hosting;

namespace AiPlatform.Services.Chat.Usage.Retention;

/// <summary>Looks once an hour for rows past their time. Several replicas may do so at once.</summary>
internal sealed class UsageRetentionWorker(UsageRetention retention, TimeProvider timeProvider, ILogger<UsageRetentionWorker> logger) : PeriodicService(Period, timeProvider, logger)
{
    public static readonly TimeSpan Period = TimeSpan.FromHours(1);

    protected override Task RunRoundAsync(CancellationToken cancellationToken) => retention.RemoveAsync(cancellationToken);
}
