using System.Text.Json;
using AiPlatform.Services.Chat.Sessions;
using AiPlatform.Services.Chat.Tests.Hosting;
using AiPlatform.Tests.Common;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace AiPlatform.Services.Chat.Tests.Sessions;

public sealed class UiStateTests
{
    private const string Full = """
        {"type":"ui_state_update","state":{"page_type":"transcribe_page","page_url":"/t/1","currentClient":{"clientId":"c1","clientName":"Ana","color":"blue"},
        "selectedTemplate":{"templateId":"t1","templateName":"Progress note","templateContent":"# Note"},
        "loadedSessions":[{"sessionId":"s9","clientId":"c1"}],"generatedDocuments":[{"documentId":"d1","version":2}],"active_tab":"notes",
        "timestamp":"2026-03-01T09:30:00.000Z"}}
        """;

    [Fact]
    [Trait("Spec", "T000-006")]
    [Trait("Spec", "T000-008")]
    [Trait("Spec", "T000-042")]
    public async Task FullUpdate_ReplacesTheStateAndIsReadableAtOnceOnAnyReplica()
    {
        await using var host = await ChatHost.StartAsync(Scripts.Echo);
        await using var other = host.StartReplica();
        var user = new TestToken();
        await using var socket = await host.ConnectAsync(user, "/ws/s1");
        await socket.SendTextAsync("""{"type":"ui_state_update","state":{"page_type":"old","timestamp":"2026-03-01T09:00:00Z"}}""");
        await socket.ReadUntilAsync("ui_state_ack");

        await socket.SendTextAsync(Full);
        var ack = (await socket.ReadUntilAsync("ui_state_ack"))[^1].Json;
        var state = await ReadAsync(other, user);

        Assert.Equal(
            (true, "full", "2026-03-01T09:30:00.000Z"),
            (ack.GetProperty("success").GetBoolean(), ack.GetProperty("kind").GetString(), ack.GetProperty("applied_timestamp").GetString()));
        Assert.Equal(("transcribe_page", "/t/1", "notes", "c1"), (state.PageType, state.PageUrl, state.ActiveTab, state.CurrentClient!.ClientId));
        Assert.Equal("blue", state.CurrentClient.Rest!["color"].GetString());
        Assert.Equal(["s9"], state.LoadedSessions.Select(session => session.SessionId));
        Assert.Equal(2, state.GeneratedDocuments.Single().Version);
    }

    [Fact]
    [Trait("Spec", "T000-007")]
    [Trait("Spec", "T000-041")]
    public async Task IncrementalUpdate_ChangesOneFieldUnlessItIsOlderThanTheState()
    {
        await using var host = await ChatHost.StartAsync(Scripts.Echo);
        var user = new TestToken();
        await using var socket = await host.ConnectAsync(user, "/ws/s1");
        await socket.SendTextAsync(Full);
        await socket.ReadUntilAsync("ui_state_ack");

        var acks = new List<JsonElement>();
        foreach (var (timestamp, client) in (IEnumerable<(object, string)>)
        [
            ("2026-03-01T09:29:59.999Z", "too-old"), ("2026-03-01T09:30:00.000Z", "equal"), (1772357401000, "newer"),
        ])
        {
            await socket.SendAsync(new
            {
                type = "ui_state_update",
                changeType = "currentClient",
                payload = new { clientId = client },
                timestamp,
                page_type = "clients",
                page_url = "/c",
            });
            acks.Add((await socket.ReadUntilAsync("ui_state_ack"))[^1].Json);
        }

        var state = await ReadAsync(host, user);
        Assert.Equal([false, true, true], acks.Select(ack => ack.GetProperty("success").GetBoolean()));
        Assert.All(acks, ack => Assert.Equal("incremental", ack.GetProperty("kind").GetString()));
        Assert.Equal("stale", acks[0].GetProperty("reason").GetString());
        Assert.Equal(("newer", "clients", "/c"), (state.CurrentClient!.ClientId, state.PageType, state.PageUrl));
        Assert.Equal(("t1", "notes"), (state.SelectedTemplate!.TemplateId, state.ActiveTab));
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(1772357401000), state.LastUpdated);
    }

    [Theory]
    [InlineData("""{"type":"ui_state_update","state":7}""")]
    [InlineData("""{"type":"ui_state_update","state":{"loadedSessions":"none"}}""")]
    [InlineData("""{"type":"ui_state_update","state":{"loadedSessions":null}}""")]
    [InlineData("""{"type":"ui_state_update","state":{"generatedDocuments":[7]}}""")]
    [InlineData("""{"type":"ui_state_update","state":{"currentClient":{"name":"without an id"}}}""")]
    [InlineData("""{"type":"ui_state_update","state":{"timestamp":"yesterday"}}""")]
    [InlineData("""{"type":"ui_state_update"}""")]
    [InlineData("""{"type":"ui_state_update","changeType":"colour","payload":"red","timestamp":"2026-03-01T09:30:00Z"}""")]
    [InlineData("""{"type":"ui_state_update","changeType":"loadedSessions","payload":null,"timestamp":"2026-03-01T09:30:00Z"}""")]
    public async Task Update_ThatCannotBeRead_IsRefusedAsInvalidAndChangesNothing(string frame)
    {
        await using var host = await ChatHost.StartAsync(Scripts.Echo);
        var user = new TestToken();
        await using var socket = await host.ConnectAsync(user, "/ws/s1");

        await socket.SendTextAsync(frame);
        var answer = await socket.ReadAsync();
        var ack = answer.Json;

        Assert.True(answer.Type == "ui_state_ack", answer.Raw);
        Assert.Equal((false, "invalid"), (ack.GetProperty("success").GetBoolean(), ack.GetProperty("reason").GetString()));
        Assert.Equal(JsonSerializer.Serialize(UiState.Empty), JsonSerializer.Serialize(await ReadAsync(host, user)));
    }

    [Fact]
    [Trait("Spec", "T000-043")]
    [Trait("Spec", "T000-003")]
    public async Task State_AfterDisconnect_StaysADay()
    {
        await using var host = await ChatHost.StartAsync(Scripts.Echo);
        var user = new TestToken();
        await using var socket = await host.ConnectAsync(user, "/ws/s1");
        await socket.SendTextAsync(Full);
        await socket.ReadUntilAsync("ui_state_ack");
        await socket.CloseAsync();

        using var redis = await ConnectionMultiplexer.ConnectAsync((await DataServers.StartAsync()).RedisConnectionString);
        var left = await redis.GetDatabase().KeyTimeToLiveAsync(RedisUiStateStore.Key(new(user.PracticeId, user.UserId, "s1")));

        Assert.InRange(left!.Value.TotalSeconds, 86_000, 86_400);
        Assert.Equal("transcribe_page", (await ReadAsync(host, user)).PageType);
    }

    [Fact]
    public async Task Updates_ByManyAtOnce_AreAllKept()
    {
        await using var host = await ChatHost.StartAsync(Scripts.Echo);
        await using var other = host.StartReplica();
        var session = new ChatSessionKey(Guid.CreateVersion7(), Guid.CreateVersion7(), "s1");
        var stores = new[] { host, other }.Select(replica => replica.Services.GetRequiredService<IUiStateStore>()).ToList();

        await Task.WhenAll(Enumerable.Range(0, 20).Select(index => stores[index % 2].UpdateAsync(
            session,
            state => state with { LoadedSessions = [.. state.LoadedSessions, new() { SessionId = $"{index}" }] },
            CancellationToken.None).AsTask()));
        var state = await stores[0].ReadAsync(session, CancellationToken.None);

        Assert.Equal(20, state.LoadedSessions.Select(loaded => loaded.SessionId).Distinct().Count());
    }

    [Fact]
    public async Task Update_ThatOthersBeatEachTime_IsRefusedAndChangesNothing()
    {
        await using var host = await ChatHost.StartAsync(Scripts.Echo);
        await using var other = host.StartReplica();
        var session = new ChatSessionKey(Guid.CreateVersion7(), Guid.CreateVersion7(), "s1");
        var store = host.Services.GetRequiredService<IUiStateStore>();
        var faster = other.Services.GetRequiredService<IUiStateStore>();

        await Assert.ThrowsAsync<UiStateContendedException>(() => store.UpdateAsync(
            session,
            state =>
            {
                faster.UpdateAsync(session, current => current with { PageUrl = $"{current.PageUrl}+" }, CancellationToken.None).AsTask().GetAwaiter().GetResult();
                return state with { PageType = "lost" };
            },
            CancellationToken.None).AsTask());
        var here = await store.ReadAsync(session, CancellationToken.None);
        var there = await faster.ReadAsync(session, CancellationToken.None);

        Assert.Equal(("unknown", new string('+', 32)), (there.PageType, there.PageUrl));
        Assert.Equal((there.PageType, there.PageUrl), (here.PageType, here.PageUrl));
    }

    [Theory]
    [InlineData("""{"type":"ui_state_update","state":{"page_type":"ahead","timestamp":"9999-12-31T23:59:59Z"}}""")]
    [InlineData("""{"type":"ui_state_update","changeType":"active_tab","payload":"ahead","timestamp":253402300799999}""")]
    public async Task Update_FromAClockFarAhead_CountsAsNowAndShutsNobodyOut(string ahead)
    {
        await using var host = await ChatHost.StartAsync(Scripts.Echo);
        await using var socket = await host.ConnectAsync(new TestToken(), "/ws/s1");

        await socket.SendTextAsync(ahead);
        var first = (await socket.ReadUntilAsync("ui_state_ack"))[^1].Json;
        await socket.SendAsync(new { type = "ui_state_update", changeType = "active_tab", payload = "next", timestamp = DateTimeOffset.UtcNow.AddSeconds(1) });
        var next = (await socket.ReadUntilAsync("ui_state_ack"))[^1].Json;

        Assert.True(first.GetProperty("success").GetBoolean());
        Assert.InRange(first.GetProperty("applied_timestamp").GetDateTimeOffset(), DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow.AddSeconds(1));
        Assert.True(next.GetProperty("success").GetBoolean());
    }

    [Fact]
    public async Task Updates_WhileRedisIsAwayOfMoreSessionsThanThereIsRoomFor_AreRefusedAndTheOthersKept()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var host = await ChatHost.StartAsync(
            Scripts.Echo, new() { ["ConnectionStrings:redis"] = redis.ConnectionString, ["Sessions:LocalCopies"] = "3" });
        await using var other = host.StartReplica();
        var user = new TestToken();
        var store = host.Services.GetRequiredService<IUiStateStore>();
        ChatSessionKey Session(int index) => new(user.PracticeId, user.UserId, $"s{index}");
        await redis.KillAsync();
        for (var index = 0; index < 3; index++)
        {
            await store.UpdateAsync(Session(index), state => state with { PageType = $"page {index}" }, CancellationToken.None);
        }

        await using var socket = await host.ConnectAsync(user, "/ws/s3");
        await socket.SendTextAsync(Full);
        var ack = (await socket.ReadUntilAsync("ui_state_ack"))[^1].Json;
        await redis.StartAgainAsync();
        var elsewhere = other.Services.GetRequiredService<IUiStateStore>();
        await Eventually.BecomesTrueAsync(
            async () => (await Task.WhenAll(Enumerable.Range(0, 3).Select(async index => await elsewhere.ReadAsync(Session(index), CancellationToken.None))))
                .All(state => state.PageType != "unknown"),
            "the states are written back");

        Assert.Equal((false, "storage_unavailable"), (ack.GetProperty("success").GetBoolean(), ack.GetProperty("reason").GetString()));
        Assert.Equal(["page 0", "page 1", "page 2", "unknown"], await Task.WhenAll(Enumerable.Range(0, 4).Select(
            async index => (await elsewhere.ReadAsync(Session(index), CancellationToken.None)).PageType)));
    }

    [Fact]
    public async Task Updates_WhileRedisIsAway_AreServedFromMemoryAndWrittenBack()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var host = await ChatHost.StartAsync(Scripts.Echo, new() { ["ConnectionStrings:redis"] = redis.ConnectionString });
        await using var other = host.StartReplica();
        var user = new TestToken();
        await using var socket = await host.ConnectAsync(user, "/ws/s1");
        await redis.KillAsync();

        await socket.SendTextAsync(Full);
        var ack = (await socket.ReadUntilAsync("ui_state_ack"))[^1].Json;
        var meanwhile = await ReadAsync(host, user);
        await redis.StartAgainAsync();
        await Eventually.BecomesTrueAsync(async () => (await ReadAsync(other, user)).PageType == "transcribe_page", "the state is written back");

        Assert.True(ack.GetProperty("success").GetBoolean());
        Assert.Equal("transcribe_page", meanwhile.PageType);
    }

    private static ValueTask<UiState> ReadAsync(ChatHost host, TestToken user) =>
        host.Services.GetRequiredService<IUiStateStore>().ReadAsync(new(user.PracticeId, user.UserId, "s1"), CancellationToken.None);
}
