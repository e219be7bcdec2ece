using AiPlatform.ServiceDefaults.Data;

namespace AiPlatform.Services.Api.Identity;

/// <summary>Makes the first key before the service listens, and looks every hour whether the key is due for replacement.</summary>
internal sealed partial class SigningKeyWorker(SigningKeyRing ring, TimeProvider timeProvider, ILogger<SigningKeyWorker> logger)
    : BackgroundService, IAfterMigrations
{
    private static readonly TimeSpan Period = TimeSpan.FromHours(1);

    public async Task RunAsync(CancellationToken cancellationToken) => await ring.GetActiveAsync(cancellationToken);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, timeProvider);
        do
        {
            try
            {
                if (await ring.RotateIfDueAsync(stoppingToken))
                {
                    LogRotated();
                }
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                LogPutOff(exception);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(LogLevel.Information, "Put a new signing key in place of the old one.")]
    private partial void LogRotated();

    [LoggerMessage(LogLevel.Warning, "Could not look after the signing keys; trying again in an hour.")]
    private partial void LogPutOff(Exception exception);
}
