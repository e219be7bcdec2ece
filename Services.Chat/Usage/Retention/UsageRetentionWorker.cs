namespace AiPlatform.Services.Chat.Usage.Retention;

/// <summary>Looks once an hour for rows past their time. Several replicas may do so at once.</summary>
internal sealed partial class UsageRetentionWorker(UsageRetention retention, TimeProvider timeProvider, ILogger<UsageRetentionWorker> logger) : BackgroundService
{
    public static readonly TimeSpan Period = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, timeProvider);

        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await retention.RemoveAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                LogPutOff(exception);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "Could not look after the retention of usage; trying again in an hour.")]
    private partial void LogPutOff(Exception exception);
}
