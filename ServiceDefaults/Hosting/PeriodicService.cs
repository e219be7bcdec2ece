using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AiPlatform.ServiceDefaults.Hosting;

/// <summary>
/// A background service that does the same thing again and again, first after one period. A round that fails, by a timeout too, is logged and ends nothing: the next
/// one comes in its time.
/// </summary>
public abstract partial class PeriodicService(TimeSpan period, TimeProvider timeProvider, ILogger logger) : BackgroundService
{
    protected abstract Task RunRoundAsync(CancellationToken cancellationToken);

    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(period, timeProvider);

        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await RunRoundAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(exception, GetType().Name, period);
            }
        }
    }

    [LoggerMessage(LogLevel.Error, "{Service} failed this time; it tries again in {Period}.")]
    private partial void LogFailed(Exception exception, string service, TimeSpan period);
}
