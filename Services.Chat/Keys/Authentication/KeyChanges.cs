using System.Globalization;
using AiPlatform.ServiceDefaults.Data;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace AiPlatform.Services.Chat.Keys.Authentication;

/// <summary>
/// Makes a change of a key hold on every replica within a second: it is told over Redis at once, and each replica asks the database twice a second
/// what was changed, which needs no Redis. While a replica cannot ask, it goes on with what it knows for at most a minute; then calls are refused.
/// </summary>
internal sealed partial class KeyChanges(
    KnownKeys known, IKeyStore store, RedisClient redis, IOptions<KeyOptions> options, TimeProvider timeProvider, ILogger<KeyChanges> logger) : BackgroundService
{
    private const string Channel = "keys:changed";

    // Longer than any transaction and than a missed look or two; what is seen twice changes nothing.
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan TellingLasts = TimeSpan.FromMilliseconds(500);

    private bool _asks = true;

    /// <summary>Returns once Redis has it, or after half a second without Redis: the others then find it out by asking. The change is made, so its caller's leaving does not end it.</summary>
    public async Task TellAsync(KeyVersion changed)
    {
        known.Drop(changed);
        using var bound = new CancellationTokenSource(TellingLasts, timeProvider);

        try
        {
            await redis.RunAsync("PUBLISH key_changed", database => database.PublishAsync(new RedisChannel(Channel, RedisChannel.PatternMode.Literal), Format(changed)), bound.Token);
        }
        catch (Exception exception) when (exception is RedisUnavailableException or OperationCanceledException)
        {
            LogNotTold(changed.Id);
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(ListenAsync(stoppingToken), AskAsync(stoppingToken));

    private async Task ListenAsync(CancellationToken stoppingToken)
    {
        IAsyncDisposable? subscription = null;
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), timeProvider);

        try
        {
            while (subscription is null)
            {
                try
                {
                    subscription = await redis.SubscribeAsync(Channel, Hear, stoppingToken);
                }
                catch (RedisUnavailableException)
                {
                    await timer.WaitForNextTickAsync(stoppingToken);
                }
            }

            await Task.Delay(Timeout.InfiniteTimeSpan, timeProvider, stoppingToken);
        }
        finally
        {
            if (subscription is not null)
            {
                await subscription.DisposeAsync();
            }
        }
    }

    private async Task AskAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(options.Value.PollSeconds), timeProvider);
        var asked = timeProvider.GetTimestamp();

        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var now = timeProvider.GetTimestamp();
            if (known.IsEmpty)
            {
                asked = now;
                continue;
            }

            try
            {
                var changes = await store.ListChangedAsync(Within, stoppingToken);

                // It looked away for too long to have seen all.
                if (timeProvider.GetElapsedTime(asked, now) > Within / 2)
                {
                    known.DropAll();
                }

                asked = now;
                foreach (var changed in changes)
                {
                    known.Drop(changed);
                }

                Say(true);
            }
            catch (DatabaseUnavailableException exception)
            {
                Say(false, exception.Reason);
            }
        }
    }

    // 0193a1c2-... 7
    private void Hear(RedisValue message)
    {
        if (((string?)message)?.Split(' ') is [var id, var version] && Guid.TryParse(id, out var keyId) && int.TryParse(version, CultureInfo.InvariantCulture, out var number))
        {
            known.Drop(new(keyId, number));
        }
    }

    private static string Format(KeyVersion changed) => string.Create(CultureInfo.InvariantCulture, $"{changed.Id} {changed.Version}");

    private void Say(bool asks, string? reason = null)
    {
        if (asks == _asks)
        {
            return;
        }

        _asks = asks;
        if (asks)
        {
            LogAsks();
        }
        else
        {
            LogBlind(reason);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The change of key {KeyId} could not be told over Redis; other replicas find it when they next ask the database.")]
    private partial void LogNotTold(Guid keyId);

    [LoggerMessage(LogLevel.Warning, "The database does not say which keys were changed: {Reason}. Known keys are taken for a minute at most.")]
    private partial void LogBlind(string? reason);

    [LoggerMessage(LogLevel.Information, "The database says again which keys were changed.")]
    private partial void LogAsks();
}
