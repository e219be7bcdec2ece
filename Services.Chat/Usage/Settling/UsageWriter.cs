using AiPlatform.ServiceDefaults.Errors;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Chat.Usage.Settling;

/// <summary>
/// Moves settled calls from Redis to MySQL. All replicas do; each call is one's to write until that one has not done it for too long. It
/// leaves Redis after it was written, so it may be written twice, which makes one row.
/// </summary>
internal sealed partial class UsageWriter(UsageLog log, IUsageStore store, IOptions<UsageOptions> options, TimeProvider timeProvider, ILogger<UsageWriter> logger) : BackgroundService
{
    // Each is what a replica settled in a few milliseconds.
    private const int MaxEntries = 64;

    // As one statement of some 25,000 characters: from 42,500 on a text lies in a heap of its own, which is seldom cleared.
    private const int MaxRows = 100;

    // While there is something, little and often: half a second's rows at once would hold up for milliseconds whatever else there is to do.
    private static readonly TimeSpan Busy = TimeSpan.FromMilliseconds(20);

    private IReadOnlyList<UsageEntry> _taken = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var pause = await MoveAsync(stoppingToken);
            await Task.Delay(pause, timeProvider, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <returns>How long nothing need be looked for.</returns>
    private async Task<TimeSpan> MoveAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (_taken.Count == 0)
            {
                _taken = await log.TakeAsync(MaxEntries, options.Value.Claim, cancellationToken);
            }

            // What cannot be read stays where it is, for a newer replica.
            var readable = _taken.Where(static entry => entry.Calls is not null).ToList();

            if (readable.Count < _taken.Count)
            {
                LogUnreadable(_taken.Count - readable.Count);
            }

            if (readable.Count > 0)
            {
                foreach (var rows in readable.SelectMany(static entry => entry.Calls!).Chunk(MaxRows))
                {
                    await store.AddAsync(rows, cancellationToken);
                }

                await log.RemoveAsync(readable, cancellationToken);
            }

            var pause = _taken.Count switch
            {
                MaxEntries => TimeSpan.Zero,
                0 => options.Value.Write,
                _ => Busy,
            };
            _taken = [];
            return pause;
        }
        catch (DependencyUnavailableException exception)
        {
            LogLater(exception.Code);
            return options.Value.Write;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogFailed(exception, _taken.Count);
            return options.Value.Write;
        }
        catch (OperationCanceledException)
        {
            return options.Value.Write;
        }
    }

    [LoggerMessage(LogLevel.Debug, "Settled calls are written later: {Code}.")]
    private partial void LogLater(string code);

    [LoggerMessage(LogLevel.Error, "{Count} entries of settled calls cannot be read and stay in Redis.")]
    private partial void LogUnreadable(int count);

    [LoggerMessage(LogLevel.Error, "{Count} entries of settled calls could not be written this time.")]
    private partial void LogFailed(Exception exception, int count);
}
