using AiPlatform.ServiceDefaults.Data;
using StackExchange.Redis;

namespace AiPlatform.Services.Chat.Models.Caching;

/// <summary>Takes entries away, here and on every replica: what is cleared is answered from nowhere any more.</summary>
internal sealed class CacheClearing(RedisClient redis, RedisCacheStore store, CacheMemory memory, Flights flights, TimeProvider timeProvider) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Whether this replica hears of clearings. While it does not, it keeps nothing in memory.</summary>
    public bool Hears => _subscribed && redis.IsConnected;

    private volatile bool _subscribed;

    /// <returns>How many entries there were in Redis.</returns>
    /// <exception cref="RedisUnavailableException"/>
    public async Task<long> ClearAsync(Guid practiceId, Guid? userId, string? model, CancellationToken cancellationToken)
    {
        var removed = await store.ClearAsync(practiceId, userId, model, cancellationToken);
        Take(practiceId, userId, model);
        return removed;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // While the connection was away, words of clearings went past.
        redis.Reconnected += memory.ClearAll;
        IAsyncDisposable? subscription = null;

        try
        {
            while (subscription is null)
            {
                try
                {
                    subscription = await redis.SubscribeAsync(RedisCacheStore.Channel, Hear, stoppingToken);
                    _subscribed = true;
                }
                catch (RedisUnavailableException)
                {
                    // Health says so; every request is a miss meanwhile.
                    await Task.Delay(Pause, timeProvider, stoppingToken);
                }
            }

            await Task.Delay(Timeout.InfiniteTimeSpan, stoppingToken);
        }
        finally
        {
            redis.Reconnected -= memory.ClearAll;

            if (subscription is not null)
            {
                await subscription.DisposeAsync();
            }
        }
    }

    private void Hear(RedisValue message)
    {
        if (RedisCacheStore.Parse(message!) is var (practiceId, userId, model))
        {
            Take(practiceId, userId, model);
        }
    }

    private void Take(Guid practiceId, Guid? userId, string? model)
    {
        flights.Forget(practiceId, userId, model);
        memory.Clear(practiceId, userId, model);
    }
}
