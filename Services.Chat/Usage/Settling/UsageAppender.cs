using AiPlatform.ServiceDefaults.Data;
using AiPlatform.Services.Chat.Usage.Records;

namespace AiPlatform.Services.Chat.Usage.Settling;

/// <summary>
/// Brings settled calls from this replica's memory to Redis, in batches as large as what came while the last was on its way. At the end of
/// the service what is left goes too, to MySQL itself when Redis is away.
/// </summary>
internal sealed partial class UsageAppender(UsageQueue queue, UsageLog log, IUsageStore store, TimeProvider timeProvider, ILogger<UsageAppender> logger) : BackgroundService
{
    private const int MaxBatch = 256;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Ending = TimeSpan.FromSeconds(4);

    private List<SettledCall> _batch = [];
    private long _number;
    private bool _isAway;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (await queue.WaitAsync(stoppingToken))
            {
                await AppendNextAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await EmptyAsync();
        }
    }

    private async Task AppendNextAsync(CancellationToken cancellationToken)
    {
        if (_batch.Count == 0)
        {
            _batch = queue.Take(MaxBatch);
            _number++;
        }

        while (!await TryAppendAsync(cancellationToken))
        {
            await Task.Delay(Pause, timeProvider, cancellationToken);
        }
    }

    private async Task<bool> TryAppendAsync(CancellationToken cancellationToken)
    {
        try
        {
            await log.AppendAsync(_number, _batch, cancellationToken);
            Done();

            if (_isAway)
            {
                _isAway = false;
                LogBack();
            }

            return true;
        }
        catch (RedisUnavailableException exception)
        {
            if (!_isAway)
            {
                _isAway = true;
                LogAway(exception.Reason);
            }

            return false;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogFailed(exception, _batch.Count);
            return false;
        }
    }

    private async Task EmptyAsync()
    {
        using var bound = new CancellationTokenSource(Ending, timeProvider);

        while (_batch.Count > 0 || queue.Count > 0)
        {
            if (_batch.Count == 0)
            {
                _batch = queue.Take(MaxBatch);
                _number++;
            }

            try
            {
                if (!await TryAppendAsync(bound.Token))
                {
                    await store.AddAsync(_batch, bound.Token);
                    Done();
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
        queue.Done(_batch.Count);
        _batch = [];
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
