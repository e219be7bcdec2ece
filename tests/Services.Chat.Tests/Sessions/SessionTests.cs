using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AiPlatform.Services.Chat.Sessions;
using AiPlatform.Services.Chat.Tests.Hosting;
using AiPlatform.Tests.Common;
using StackExchange.Redis;

namespace AiPlatform.Services.Chat.Tests.Sessions;

public sealed class SessionTests
{
    [Fact]
    [Trait("Spec", "T000-067")]
    [Trait("Spec", "T000-068")]
    [Trait("Spec", "T000-069")]
    public async Task Create_ReturnsTheSessionAndEveryMessageStartsItsTimeAnew()
    {
        await using var host = await ChatHost.StartAsync(Scripts.Echo);
        var user = new TestToken();
        using var client = host.CreateClient(user);
        using var redis = await ConnectionMultiplexer.ConnectAsync((await DataServers.StartAsync()).RedisConnectionString);

        var response = await client.PostAsJsonAsync("/sessions", new { });
        var session = await response.Content.ReadFromJsonAsync<JsonElement>();
        var id = session.GetProperty("sessionId").GetString()!;
        var key = ChatSessions.Key(new(user.PracticeId, user.UserId, id));
        var atFirst = await redis.GetDatabase().KeyTimeToLiveAsync(key);
        await redis.GetDatabase().KeyExpireAsync(key, TimeSpan.FromMinutes(5));
        await using var socket = await host.ConnectAsync(user, $"/ws/{id}");
        await socket.AskAsync("hello");
        var afterwards = await redis.GetDatabase().KeyTimeToLiveAsync(key);

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal($"/sessions/{id}", response.Headers.Location!.ToString());
        Assert.Equal(("web_assistant", 14_400), (session.GetProperty("persona").GetString(), session.GetProperty("expiresIn").GetInt32()));
        Assert.InRange(atFirst!.Value.TotalMinutes, 239, 240);
        Assert.InRange(afterwards!.Value.TotalMinutes, 239, 240);
    }

    [Fact]
    [Trait("Spec", "T000-070")]
    [Trait("Spec", "T000-071")]
    [Trait("Spec", "T000-072")]
    public async Task Delete_RemovesTheSessionItIsHarmlessTwiceAndTheIdBeginsAnew()
    {
        await using var host = await ChatHost.StartAsync(Scripts.Echo);
        var user = new TestToken();
        using var client = host.CreateClient(user);
        using var redis = await ConnectionMultiplexer.ConnectAsync((await DataServers.StartAsync()).RedisConnectionString);
        var key = new ChatSessionKey(user.PracticeId, user.UserId, "s1");
        await using var socket = await host.ConnectAsync(user, "/ws/s1");
        await socket.SendTextAsync("""{"type":"ui_state_update","state":{"page_type":"p","timestamp":"2026-03-01T09:00:00Z"}}""");
        var first = await socket.AskAsync("one");

        var statuses = new[] { (await client.DeleteAsync("/sessions/s1")).StatusCode, (await client.DeleteAsync("/sessions/s1")).StatusCode };
        var left = await Task.WhenAll(
            redis.GetDatabase().KeyExistsAsync(ChatSessions.Key(key)), redis.GetDatabase().KeyExistsAsync(RedisUiStateStore.Key(key)));
        var second = await socket.AskAsync("two");

        Assert.Equal([HttpStatusCode.NoContent, HttpStatusCode.NoContent], statuses);
        Assert.Equal([false, false], left);
        Assert.NotEqual(first[0].TextOf("thread_id"), second[0].TextOf("thread_id"));
    }

    [Theory]
    [InlineData("""{"sessionId":"a:b"}""", "session.invalid_id")]
    [InlineData("""{"persona":"nobody"}""", "persona.unknown")]
    public async Task Create_WithWhatThereIsNot_Is400WithACode(string body, string code)
    {
        await using var host = await ChatHost.StartAsync(Scripts.Echo);
        using var client = host.CreateClient(new TestToken());

        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        var response = await client.PostAsync("/sessions", content);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(code, (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
    }
}
