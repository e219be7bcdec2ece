using AiPlatform.ServiceDefaults.Data;
using AiPlatform.Services.Chat.Sessions;
using AiPlatform.Tests.Common;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AiPlatform.Services.Chat.Tests.Sessions;

public sealed class OptionalRedisTests
{
    [Fact]
    public async Task Run_RedisFrozen_WaitsOnceAndAsksAgainLater()
    {
        await using var server = await RedisServer.StartAsync();
        var time = new TestTimeProvider();
        await using var services = ServicesOn(server, time);
        var redis = new OptionalRedis(services.GetRequiredService<RedisClient>(), time);
        Assert.Equal("PONG", await PingAsync(redis));
        await server.FreezeAsync();

        var first = PingAsync(redis);
        Assert.False(first.IsCompleted);
        time.Advance(OptionalRedis.Patience);
        Assert.Equal(RedisReasons.Timeout, (await Assert.ThrowsAsync<RedisUnavailableException>(() => first)).Reason);

        // Not another second for each of those who ask now.
        var second = PingAsync(redis);
        Assert.True(second.IsFaulted);
        Assert.Equal(RedisReasons.Timeout, (await Assert.ThrowsAsync<RedisUnavailableException>(() => second)).Reason);

        await server.ThawAsync();
        time.Advance(OptionalRedis.Patience);
        Assert.Equal("PONG", await PingAsync(redis));
    }

    private static Task<string?> PingAsync(OptionalRedis redis) =>
        redis.RunAsync("PING", async database => (await database.ExecuteAsync("PING")).ToString(), CancellationToken.None);

    private static ServiceProvider ServicesOn(RedisServer server, TimeProvider time)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration["ConnectionStrings:redis"] = server.ConnectionString;
        builder.AddRedisClient("redis");
        builder.Services.Replace(ServiceDescriptor.Singleton(time));
        return builder.Services.BuildServiceProvider();
    }
}
