namespace AiPlatform.Services.Api.ClinicalSessions.Retention;

/// <summary>Looks every minute for transcripts whose time is over. Several replicas may do so at once.</summary>
internal sealed partial class TranscriptRetentionWorker(
    TranscriptRetention retention, TimeProvider timeProvider, ILogger<TranscriptRetentionWorker> logger) : BackgroundService
{
    public static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, timeProvider);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await retention.EraseAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                LogPutOff(exception);
            }
        }
    }

    [LoggerMessage(LogLevel.Error, "Could not look for transcripts that are due; trying again in a minute.")]
    private partial void LogPutOff(Exception exception);
}
