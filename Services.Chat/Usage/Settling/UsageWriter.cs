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

            if (readable.Count > 0 && await WriteAsync(readable, cancellationToken) is { Count: > 0 } written)
            {
                await log.RemoveAsync(written, cancellationToken);
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

    /// <returns>Those that are in the table.</returns>
    private async Task<List<UsageEntry>> WriteAsync(List<UsageEntry> entries, CancellationToken cancellationToken)
    {
        try
        {
            await AddAsync(entries, cancellationToken);
            return entries;
        }
        catch (Exception exception) when (IsOfTheRows(exception, cancellationToken))
        {
            LogOneByOne(exception, entries.Count);
        }

        // What the table does not take must not keep the others out. It stays in Redis, where everybody tries it again in their time.
        var written = new List<UsageEntry>(entries.Count);

        foreach (var entry in entries)
        {
            try
            {
                await AddAsync([entry], cancellationToken);
                written.Add(entry);
            }
            catch (Exception exception) when (IsOfTheRows(exception, cancellationToken))
            {
                LogFailed(exception, 1);
            }
        }

        return written;
    }

    private async Task AddAsync(List<UsageEntry> entries, CancellationToken cancellationToken)
    {
        // In the order in which they will lie, which the table takes a tenth faster than that in which calls ended.
        foreach (var rows in entries.SelectMany(static entry => entry.Calls!).OrderBy(static call => call.PracticeId).ThenBy(static call => call.StartedAt).Chunk(MaxRows))
        {
            await store.AddAsync(rows, cancellationToken);
        }
    }

    private static bool IsOfTheRows(Exception exception, CancellationToken cancellationToken) =>
        exception is not DependencyUnavailableException && !cancellationToken.IsCancellationRequested;

    [LoggerMessage(LogLevel.Debug, "Settled calls are written later: {Code}.")]
    private partial void LogLater(string code);

    [LoggerMessage(LogLevel.Error, "{Count} entries of settled calls cannot be read and stay in Redis.")]
    private partial void LogUnreadable(int count);

    [LoggerMessage(LogLevel.Warning, "{Count} entries of settled calls could not be written together, and are tried one by one.")]
    private partial void LogOneByOne(Exception exception, int count);

    [LoggerMessage(LogLevel.Error, "{Count} entries of settled calls could not be written this time.")]
    private partial void LogFailed(Exception exception, int count);
}
