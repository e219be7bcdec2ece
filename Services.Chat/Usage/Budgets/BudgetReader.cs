using System.Threading.Channels;
using AiPlatform.ServiceDefaults.Data;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Chat.Usage.Budgets;

/// <summary>Keeps the book of budgets as the table is: read before the service listens, again when somebody says that one was changed, and looked at every few seconds.</summary>
internal sealed partial class BudgetReader(
    BudgetBook book, IBudgetStore store, RedisClient redis, IOptions<BudgetOptions> options, TimeProvider timeProvider, ILogger<BudgetReader> logger) : BackgroundService, IAfterMigrations
{
    private const string Changes = "budgets:changes";

    private readonly Channel<bool> _hints = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly SemaphoreSlim _reading = new(1, 1);
    private BudgetMark? _mark;

    public Task RunAsync(CancellationToken cancellationToken) => ReadAsync(cancellationToken);

    /// <summary>This replica goes by the change when it returns, the others a moment later.</summary>
    public async Task ChangedAsync(CancellationToken cancellationToken)
    {
        await ReadAsync(cancellationToken);

        try
        {
            await redis.RunAsync("PUBLISH budgets", database => database.PublishAsync(new(Changes, StackExchange.Redis.RedisChannel.PatternMode.Literal), ""), cancellationToken);
        }
        catch (RedisUnavailableException exception)
        {
            LogUnsaid(exception.Reason);
        }
    }

    public override void Dispose()
    {
        _reading.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        IAsyncDisposable? subscription = null;

        try
        {
            while (true)
            {
                subscription ??= await TrySubscribeAsync(stoppingToken);
                await TryReadAsync(stoppingToken);
                await HintAsync(stoppingToken);
            }
        }
        finally
        {
            if (subscription is not null)
            {
                await subscription.DisposeAsync();
            }
        }
    }

    // Until somebody says that a budget was changed, or it is time to look.
    private async Task HintAsync(CancellationToken stoppingToken)
    {
        using var poll = new CancellationTokenSource(options.Value.Poll, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(poll.Token, stoppingToken);

        try
        {
            await _hints.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!stoppingToken.IsCancellationRequested)
        {
            // It is time to look.
        }
    }

    private async Task<IAsyncDisposable?> TrySubscribeAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await redis.SubscribeAsync(Changes, _ => _hints.Writer.TryWrite(true), cancellationToken);
        }
        catch (RedisUnavailableException)
        {
            return null;
        }
    }

    private async Task TryReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            await ReadAsync(cancellationToken);
        }
        catch (DatabaseUnavailableException)
        {
            // What was read last stands.
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogFailed(exception);
        }
    }

    // The mark before the rows: what changes in between is read again the next time.
    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken);

        try
        {
            var mark = await store.ReadMarkAsync(cancellationToken);

            if (mark != _mark)
            {
                book.Replace(await store.ReadAllAsync(cancellationToken));
                _mark = mark;
            }
        }
        finally
        {
            _reading.Release();
        }
    }

    [LoggerMessage(LogLevel.Warning, "Other replicas find out by themselves that a budget was changed: {Reason}.")]
    private partial void LogUnsaid(string reason);

    [LoggerMessage(LogLevel.Error, "Budgets could not be read this time.")]
    private partial void LogFailed(Exception exception);
}
