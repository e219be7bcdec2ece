using AiPlatform.ServiceDefaults.Hosting;

namespace AiPlatform.Services.Api.ClinicalSessions.Retention;

/// <summary>Looks every minute for transcripts whose time is over. Several replicas may do so at once.</summary>
internal sealed class TranscriptRetentionWorker(TranscriptRetention retention, TimeProvider timeProvider, ILogger<TranscriptRetentionWorker> logger)
    : PeriodicService(Period, timeProvider, logger)
{
    public static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    protected override Task RunRoundAsync(CancellationToken cancellationToken) => retention.EraseAsync(cancellationToken);
}
