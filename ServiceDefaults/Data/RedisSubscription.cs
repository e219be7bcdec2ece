using StackExchange.Redis;

namespace AiPlatform.ServiceDefaults.Data;

/// <summary>One handler on one channel, which moves to the next connection when its own is given up.</summary>
internal sealed class RedisSubscription(RedisConnection connection, RedisChannel channel, Action<RedisValue> handler) : IAsyncDisposable
{
    public RedisChannel Channel { get; } = channel;

    public void Handle(RedisChannel _, RedisValue message) => handler(message);

    public ValueTask DisposeAsync() => connection.UnsubscribeAsync(this);
}
