using StackExchange.Redis;

namespace AiPlatform.ServiceDefaults.Data;

/// <summary>One handler on one channel, which moves to the next connection when its own is given up.</summary>
internal sealed class RedisSubscription(RedisConnection connection, RedisChannel channel, Action<RedisValue> handler) : IAsyncDisposable
{
    /// <summary>The library has the handler when this returns, and the server's answer when the task ends.</summary>
    public Task BeginOn(ConnectionMultiplexer multiplexer) => multiplexer.GetSubscriber().SubscribeAsync(channel, Handle);

    /// <summary>The library calls the handler no more when this returns.</summary>
    public Task EndOn(ConnectionMultiplexer multiplexer) => multiplexer.GetSubscriber().UnsubscribeAsync(channel, Handle);

    public ValueTask DisposeAsync() => connection.UnsubscribeAsync(this);

    private void Handle(RedisChannel _, RedisValue message) => handler(message);
}
