using AiPlatform.ServiceDefaults.Errors;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Chat.Usage.Settling;

/// <summary>
/// Moves settled calls from Redis to MySQL. All replicas do; each call is one's to write until that one has not done it for too long. It
/// leaves Redis after it was written, so it may be written twice, which makes one row.
/// </summary>
internal sealed partial class UsageWriter(UsageLog log, IUsageStore store, IOptions<UsageOptions> options, TimeProvider timeProvider, ILogger<UsageWriter> logger) : BackgroundService
{
    private const int MaxBatch = 200;

    private IReadOnlyList<UsageEntry> _taken = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            if (!await TryMoveAsync(stoppingToken))
            {
                await Task.Delay(options.Value.Write, timeProvider, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <returns>Whether there may be more at once.</returns>
    private async Task<bool> TryMoveAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (_taken.Count == 0)
            {
                _taken = await log.TakeAsync(MaxBatch, options.Value.Claim, cancellationToken);
            }

            // What cannot be read stays where it is, for a newer replica.
            var readable = _taken.Where(static entry => entry.Call is not null).ToList();

            if (readable.Count < _taken.Count)
            {
                LogUnreadable(_taken.Count - readable.Count);
            }

            if (readable.Count > 0)
            {
                await store.AddAsync([.. readable.Select(static entry => entry.Call!)], cancellationToken);
                await log.RemoveAsync(readable.Select(static entry => entry.Id), cancellationToken);
            }

            var isFull = _taken.Count == MaxBatch;
            _taken = [];
            return isFull;
        }
        catch (DependencyUnavailableException exception)
        {
            LogLater(exception.Code);
            return false;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogFailed(exception, _taken.Count);
            return false;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    [LoggerMessage(LogLevel.Debug, "Settled calls are written later: {Code}.")]
    private partial void LogLater(string code);

    [LoggerMessage(LogLevel.Error, "{Count} settled calls cannot be read and stay in Redis.")]
    private partial void LogUnreadable(int count);

    [LoggerMessage(LogLevel.Error, "{Count} settled calls could not be written this time.")]
    private partial void LogFailed(Exception exception, int count);
}
