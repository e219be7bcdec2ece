using AiPlatform.ServiceDefaults.Data;
using AiPlatform.ServiceDefaults.Hosting;
using AiPlatform.Services.Chat.Usage.Budgets;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Chat.Usage.Settling;

/// <summary>
/// The one way from this replica's memory to Redis: settled calls in batches of what came within a few milliseconds, and with them what they
/// cost and what is to be held of budgets, so that Redis and this replica never reckon with different things. At the end of the service what
/// is left goes too, to MySQL itself when Redis is away.
/// </summary>
internal sealed partial class UsageAppender(
    UsageQueue queue, UsageLog log, BudgetBook book, BudgetDesk desk, IUsageStore store, IOptions<BudgetOptions> options, TimeProvider timeProvider, ILogger<UsageAppender> logger)
    : FinishingService
{
    private const int MaxBatch = 256;

    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(4);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Ending = TimeSpan.FromSeconds(4);

    private UsageBatch? _batch;
    private long _number;
    private long _lastBeat;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(AppendAsync(stoppingToken), BeatAsync(stoppingToken));

    private async Task AppendAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (await queue.WaitAsync(stoppingToken))
            {
                // A few calls a script cost a fraction of a script each. Who is waited for does not wait.
                if (!queue.IsNudged && queue.Count < MaxBatch)
                {
                    await Task.Delay(Gathering, timeProvider, stoppingToken);
                }

                _batch ??= Next(isEnding: false);

                while (_batch is not null && !await TryAppendAsync(stoppingToken))
                {
                    await Task.Delay(Pause, timeProvider, stoppingToken);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await EmptyAsync();
        }
    }

    private async Task BeatAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.Beat, timeProvider);

        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                if (book.Windows.Count > 0)
                {
                    queue.Nudge();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The service ends.
        }
    }

    /// <returns>Null when there is nothing to say.</returns>
    private UsageBatch? Next(bool isEnding)
    {
        var calls = queue.Take(MaxBatch);
        var isBeat = isEnding || timeProvider.GetElapsedTime(_lastBeat) >= options.Value.Beat;
        var costs = new Dictionary<BudgetWindow, long>();

        foreach (var (_, cost, reservation) in calls)
        {
            foreach (var window in reservation?.Windows ?? [])
            {
                costs[window] = costs.GetValueOrDefault(window) + cost;
            }
        }

        foreach (var window in book.Windows)
        {
            if (isBeat || window.IsWanted)
            {
                costs.TryAdd(window, 0);
            }
        }

        if (isBeat)
        {
            _lastBeat = timeProvider.GetTimestamp();
        }

        return calls.Count + costs.Count == 0
            ? null
            : new(++_number, [.. calls.Select(static call => call.Call)], [.. costs.Select(cost => new BudgetShare(cost.Key, cost.Value, cost.Key.Target(cost.Value, isEnding)))]);
    }

    private async Task<bool> TryAppendAsync(CancellationToken cancellationToken)
    {
        try
        {
            var askedAt = timeProvider.GetTimestamp();
            Hear(await log.SettleAsync(_batch!, cancellationToken), askedAt);

            if (queue.IsAway)
            {
                queue.IsAway = false;
                LogBack();
            }

            return true;
        }
        catch (RedisUnavailableException exception)
        {
            if (!queue.IsAway)
            {
                queue.IsAway = true;
                LogAway(exception.Reason);
            }

            return false;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogFailed(exception, _batch!.Calls.Count);
            return false;
        }
    }

    private void Hear(IReadOnlyList<BudgetAnswer> answers, long askedAt)
    {
        var (batch, index) = (_batch!, 0);
        Done();

        foreach (var (window, cost, target) in batch.Shares)
        {
            var answer = answers[index++];

            foreach (var threshold in window.Hear(cost, answer, askedAt, options.Value.Lease))
            {
                desk.Raise(window, threshold, answer.Spent);
            }

            desk.Seed(window);

            if (target == 0 && window.TryClose())
            {
                book.Forget(window);
            }
        }
    }

    private async Task EmptyAsync()
    {
        using var bound = new CancellationTokenSource(Ending, timeProvider);

        while ((_batch ??= Next(isEnding: true)) is { } batch)
        {
            try
            {
                var isLast = queue.Count == batch.Calls.Count;

                if (!await TryAppendAsync(bound.Token))
                {
                    // What its calls cost the budgets is found in the rows, should Redis come back with nothing.
                    if (batch.Calls.Count > 0)
                    {
                        await store.AddAsync(batch.Calls, bound.Token);
                    }

                    Done();
                }

                if (isLast)
                {
                    return;
                }
            }
            catch (Exception exception) when (exception is OperationCanceledException or DatabaseUnavailableException)
            {
                LogLost(exception, queue.Count);
                return;
            }
        }
    }

    private void Done()
    {
        queue.Done(_batch!.Calls.Count);
        _batch = null;
    }

    [LoggerMessage(LogLevel.Warning, "Calls are counted in memory until Redis is back: {Reason}.")]
    private partial void LogAway(string reason);

    [LoggerMessage(LogLevel.Information, "Calls are counted in Redis again.")]
    private partial void LogBack();

    [LoggerMessage(LogLevel.Error, "{Count} settled calls could not be appended this time.")]
    private partial void LogFailed(Exception exception, int count);

    [LoggerMessage(LogLevel.Error, "{Count} settled calls were not counted: neither Redis nor MySQL took them before the service ended.")]
    private partial void LogLost(Exception exception, int count);
}
