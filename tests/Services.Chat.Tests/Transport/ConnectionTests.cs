using System.Net;
using AiPlatform.ServiceDefaults.Data;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Chat.Runs;
using AiPlatform.Services.Chat.Tests.Hosting;
using AiPlatform.Tests.Common;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Services.Chat.Tests.Transport;

public sealed class ConnectionTests
{
    [Fact]
    [Trait("Spec", "T000-001")]
    [Trait("Spec", "T000-015")]
    public async Task Connect_WithAnUnknownSessionId_SendsReadyOnceAndFirst()
    {
        await using var host = await ChatHost.StartAsync(
            Scripts.Echo, new() { ["OTEL_RESOURCE_ATTRIBUTES"] = "deployment.environment=test,service.instance.id=first%20replica" });
        await using var socket = await ChatSocket.ConnectAsync(new(host.Url, "/ws/never-seen"), host.Tokens.Issue(new TestToken()), tokenInHeader: true);

        var run = await socket.AskAsync("hello");

        FrameRules.Check(run);
        Assert.Equal("websocket_ready", socket.Frames[0].Type);
        Assert.Equal("never-seen", socket.Frames[0].TextOf("session_id"));
        Assert.Equal(30, socket.Frames[0].Json.GetProperty("heartbeat_interval_s").GetInt32());
        Assert.Equal("1.0", socket.Frames[0].TextOf("protocol_version"));
        Assert.Equal("first replica", socket.Instance);
        Assert.Single(socket.Frames, frame => frame.Type == "websocket_ready");
    }

    [Fact]
    [Trait("Spec", "T002-107")]
    public async Task Connect_WithoutAGoodToken_IsRefusedBeforeTheUpgrade()
    {
        await using var host = await ChatHost.StartAsync(Scripts.Echo);
        using var forger = new TokenFactory();
        string?[] bad =
        [
            null, "nonsense", forger.Issue(new TestToken { KeyId = host.Tokens.KeyId }),
            host.Tokens.Issue(new TestToken { IssuedAt = DateTimeOffset.UtcNow.AddHours(-2) }),
        ];

        foreach (var path in (string[])["/ws/s1", "/chat/ws"])
        {
            foreach (var token in bad)
            {
                Assert.Equal(HttpStatusCode.Unauthorized, await ChatSocket.ConnectRefusedAsync(new(host.Url, path), token));
            }
        }
    }

    [Fact]
    public async Task Get_WithoutAnUpgrade_Is400()
    {
        await using var host = await ChatHost.StartAsync(Scripts.Echo);
        using var client = host.CreateClient(new TestToken());

        Assert.Equal(HttpStatusCode.BadRequest, (await client.GetAsync("/ws/s1")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await client.GetAsync("/chat/ws")).StatusCode);
    }

    [Fact]
    public async Task Connect_WithASessionIdThatIsNoId_Is400()
    {
        await using var host = await ChatHost.StartAsync(Scripts.Echo);

        var status = await ChatSocket.ConnectRefusedAsync(new(host.Url, "/ws/a%3Ab"), host.Tokens.Issue(new TestToken()));

        Assert.Equal(HttpStatusCode.BadRequest, status);
    }

    [Fact]
    [Trait("Spec", "T000-004")]
    [Trait("Spec", "T000-005")]
    public async Task Heartbeat_TenTimes_IsAcknowledgedEachTimeInOrder()
    {
        await using var host = await ChatHost.StartAsync(Scripts.Echo);
        await using var socket = await host.ConnectAsync(new TestToken(), "/ws/s1");

        for (var beat = 0; beat < 10; beat++)
        {
            await socket.SendAsync(new { type = "heartbeat" });
        }

        await socket.SendAsync(new { type = "ping" });
        var answers = await socket.ReadUntilAsync("pong");

        Assert.Equal([.. Enumerable.Repeat("heartbeat_ack", 10), "pong"], answers.Types());
        Assert.All(answers, answer => Assert.Equal("s1", answer.TextOf("session_id")));
        Assert.All(answers, answer => Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", answer.TextOf("timestamp")));
        Assert.Equal(11, answers.Select(answer => answer.TextOf("event_id")).Distinct().Count());
    }

    [Theory]
    [InlineData("{", "invalid_json")]
    [InlineData("""{"type":"chat_message","message":"\ud800"}""", "invalid_json")]
    [InlineData("""{"type":"\udfff"}""", "invalid_json")]
    [InlineData("[1]", "validation_error")]
    [InlineData("""{"type":"no_such_frame"}""", "validation_error")]
    [InlineData("{}", "validation_error")]
    [InlineData("""{"type":"chat_message","message":7}""", "validation_error")]
    [InlineData("""{"type":"chat_message","message":"hi","thread_id":"x"}""", "validation_error")]
    [InlineData("""{"type":"chat_message","message":"hi","thread_id":"0197f1c2-0000-7000-8000-000000000000"}""", "validation_error")]
    [InlineData("""{"type":"chat_message","message":"hi","profile_id":"somebody"}""", "forbidden")]
    [InlineData("""{"type":"chat_message","message":"hi","auth_token":"nonsense"}""", "forbidden")]
    [InlineData("""{"type":"stream_resume","run_id":"x"}""", "validation_error")]
    [InlineData("""{"type":"cancel","run_id":"x"}""", "validation_error")]
    [InlineData("""{"type":"audio_chunk","audio":""}""", "configuration_error")]
    public async Task Frame_ThatCannotBeServed_GetsAnErrorAndTheSocketStaysOpen(string frame, string code)
    {
        await using var host = await ChatHost.StartAsync(Scripts.Echo);
        await using var socket = await host.ConnectAsync(new TestToken(), "/ws/s1");

        await socket.SendTextAsync(frame);
        var error = await socket.ReadAsync();
        var run = await socket.AskAsync("still there?");

        Assert.Equal(("error", code), (error.Type, error.TextOf("code")));
        Assert.NotNull(error.TextOf("correlation_id"));
        FrameRules.Check(run);
    }

    [Fact]
    public async Task Message_ThatIsBlank_IsIgnored()
    {
        await using var host = await ChatHost.StartAsync(Scripts.Echo);
        await using var socket = await host.ConnectAsync(new TestToken(), "/ws/s1");

        await socket.SendAsync(new { type = "chat_message", message = "  \n" });
        await socket.SendAsync(new { type = "chat_message" });
        await socket.SendAsync(new { type = "ack", event_id = "x" });
        await socket.SendAsync(new { type = "cancel" });
        await socket.SendAsync(new { type = "ping" });

        Assert.Equal("pong", (await socket.ReadAsync()).Type);
    }

    [Fact]
    [Trait("Spec", "T002-019")]
    public async Task Message_OfMoreThanAMegabyte_IsAnsweredAndOneOverTheLimitClosesWith1009()
    {
        await using var host = await ChatHost.StartAsync(Scripts.Echo);
        await using var socket = await host.ConnectAsync(new TestToken(), "/ws/s1");
        var large = new string('ä', 600_000);

        var run = await socket.AskAsync(large);
        await socket.SendTextAsync(new string(' ', (4 * 1024 * 1024) + 1));
        var last = await socket.ReadUntilClosedAsync();

        FrameRules.Check(run);
        Assert.Equal($"echo: {large}", run.First(frame => frame.Type == "text_completed").TextOf("content"));
        Assert.Equal(("error", "message_too_large"), (last[^1].Type, last[^1].TextOf("code")));
        Assert.Equal(1009, socket.CloseStatus);
    }

    [Fact]
    public async Task Binary_WithoutAnAudioRequest_ClosesWith1003()
    {
        await using var host = await ChatHost.StartAsync(Scripts.Echo);
        await using var socket = await host.ConnectAsync(new TestToken(), "/ws/s1");

        await socket.SendBinaryAsync(new byte[] { 1, 2, 3 });
        await socket.ReadUntilClosedAsync();

        Assert.Equal(1003, socket.CloseStatus);
    }

    [Fact]
    public async Task CloseSession_SaysClosingThenCloses()
    {
        await using var host = await ChatHost.StartAsync(Scripts.Echo);
        await using var socket = await host.ConnectAsync(new TestToken(), "/ws/s1");

        await socket.SendAsync(new { type = "close_session" });
        var last = await socket.ReadUntilClosedAsync();

        Assert.Equal(["closing"], last.Types());
        Assert.Equal("client_request", last[0].TextOf("reason"));
        Assert.Equal(1000, socket.CloseStatus);
    }

    [Fact]
    public async Task Connect_ByAUserWithTenSocketsOverTwoReplicas_IsClosedWith4429UntilOneGoes()
    {
        await using var host = await ChatHost.StartAsync(Scripts.Echo);
        await using var other = host.StartReplica();
        var user = new TestToken();
        var sockets = new List<ChatSocket>();
        for (var index = 0; index < 10; index++)
        {
            sockets.Add(await (index % 2 == 0 ? host : other).ConnectAsync(user, $"/ws/s{index}"));
        }

        await using var refused = await ChatSocket.ConnectAsync(new(other.Url, "/ws/more"), host.Tokens.Issue(user));
        var frames = await refused.ReadUntilClosedAsync();
        await sockets[0].CloseAsync();
        await Eventually.BecomesTrueAsync(
            async () =>
            {
                await using var socket = await ChatSocket.ConnectAsync(new(host.Url, "/ws/more"), host.Tokens.Issue(user));
                await socket.SendAsync(new { type = "close_session" });
                return (await socket.ReadUntilClosedAsync()).Any(frame => frame.Type == "websocket_ready");
            },
            "a place is free again");

        Assert.Empty(frames);
        Assert.Equal(4429, refused.CloseStatus);
        foreach (var socket in sockets)
        {
            await socket.DisposeAsync();
        }
    }

    [Fact]
    public async Task Connect_ThatCannotBegin_GivesItsPlaceBack()
    {
        // The server takes one socket, so that the next one has its place among the user's when its begin fails.
        await using var host = await ChatHost.StartAsync(
            Scripts.Echo, services: services => services.Configure<KestrelServerOptions>(server => server.Limits.MaxConcurrentUpgradedConnections = 1));
        var user = new TestToken();
        await using var first = await host.ConnectAsync(user, "/ws/s1");

        var status = await ChatSocket.ConnectRefusedAsync(new(host.Url, "/ws/s2"), host.Tokens.Issue(user));

        var held = await host.Services.GetRequiredService<RedisClient>().RunAsync(
            "ZCARD sockets", database => database.SortedSetLengthAsync(RunKeys.UserSockets(user.PracticeId, user.UserId)), CancellationToken.None);
        Assert.Equal((HttpStatusCode.InternalServerError, 1), (status, held));
    }

    [Fact]
    public async Task Token_ThatExpires_ClosesWith4401()
    {
        await using var host = await ChatHost.StartAsync(Scripts.Echo);
        await using var socket = await host.ConnectAsync(new TestToken { Lifetime = TimeSpan.FromSeconds(1) }, "/ws/s1");

        await socket.ReadUntilClosedAsync();

        Assert.Equal(4401, socket.CloseStatus);
    }

    [Fact]
    public async Task SignOut_OfItsOwnSignIn_ClosesTheSocketOnEveryReplicaAndNoOther()
    {
        await using var host = await ChatHost.StartAsync(Scripts.Echo);
        await using var replica = host.StartReplica();
        var (ended, other) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var person = new TestToken();
        TestToken From(Guid signInId) => person with { Claims = new Dictionary<string, object?> { ["sid"] = signInId } };
        await using var here = await host.ConnectAsync(From(ended), "/ws/s1");
        await using var there = await replica.ConnectAsync(From(ended), "/chat/ws");
        await using var elsewhere = await host.ConnectAsync(From(other), "/ws/s1");
        await using var another = await host.ConnectAsync(From(ended) with { UserId = Guid.CreateVersion7() }, "/ws/s1");

        await host.Services.GetRequiredService<EndedSignIns>().EndAsync(person.PracticeId, person.UserId, ended, TimeSpan.FromMinutes(15), CancellationToken.None);

        await here.ReadUntilClosedAsync();
        await there.ReadUntilClosedAsync();
        Assert.Equal(((int?)4401, "signed out"), (here.CloseStatus, here.CloseReason));
        Assert.Equal(((int?)4401, "signed out"), (there.CloseStatus, there.CloseReason));
        FrameRules.Check(await elsewhere.AskAsync("hello"));
        FrameRules.Check(await another.AskAsync("hello"));
    }

    [Fact]
    public async Task Connect_AfterTheSignInEnded_IsClosedAtOnce()
    {
        await using var host = await ChatHost.StartAsync(Scripts.Echo);
        var signInId = Guid.CreateVersion7();
        var person = new TestToken { Claims = new Dictionary<string, object?> { ["sid"] = signInId } };
        await host.Services.GetRequiredService<EndedSignIns>().EndAsync(person.PracticeId, person.UserId, signInId, TimeSpan.FromMinutes(15), CancellationToken.None);

        await using var socket = await ChatSocket.ConnectAsync(new(host.Url, "/ws/s1"), host.Tokens.Issue(person));

        Assert.Empty(await socket.ReadUntilClosedAsync());
        Assert.Equal(((int?)4401, "signed out"), (socket.CloseStatus, socket.CloseReason));
    }

    [Fact]
    public async Task AuthToken_OfASignInThatEnded_ChangesNothing()
    {
        await using var host = await ChatHost.StartAsync(Scripts.Echo);
        var (person, signInId) = (new TestToken(), Guid.CreateVersion7());
        await host.Services.GetRequiredService<EndedSignIns>().EndAsync(person.PracticeId, person.UserId, signInId, TimeSpan.FromMinutes(15), CancellationToken.None);
        await using var socket = await host.ConnectAsync(person, "/ws/s1");

        await socket.SendAsync(new
        {
            type = "heartbeat",
            auth_token = host.Tokens.Issue(person with { Claims = new Dictionary<string, object?> { ["sid"] = signInId } }),
        });

        Assert.Equal("forbidden", (await socket.ReadAsync()).TextOf("code"));
        await socket.SendAsync(new { type = "ping" });
        Assert.Equal("pong", (await socket.ReadAsync()).Type);
    }

    [Fact]
    public async Task SignOut_ThatWasNotHeard_ClosesTheSocketWhenItIsLookedFor()
    {
        await using var host = await ChatHost.StartAsync(Scripts.Echo, new() { ["Transport:Heartbeat"] = "00:00:00.200", ["Transport:MissedHeartbeats"] = "100" });
        var signInId = Guid.CreateVersion7();
        var person = new TestToken { Claims = new Dictionary<string, object?> { ["sid"] = signInId } };
        await using var socket = await host.ConnectAsync(person, "/ws/s1");

        // What EndAsync keeps, without what it tells.
        await host.Services.GetRequiredService<RedisClient>().RunAsync(
            "SET", database => database.StringSetAsync($"auth:{person.PracticeId}:sign_in:{signInId}:ended", "1"), CancellationToken.None);

        await socket.ReadUntilClosedAsync();
        Assert.Equal(((int?)4401, "signed out"), (socket.CloseStatus, socket.CloseReason));
    }

    [Fact]
    public async Task AuthToken_OfTheSameUser_KeepsTheConnectionPastTheFirstTokensExpiry()
    {
        // A connection looks at the clock once a heartbeat, and may miss so many that the leap of a minute is not what ends it.
        var clock = new ShiftedTime();
        await using var host = await ChatHost.StartAsync(
            Scripts.Echo, new() { ["Transport:Heartbeat"] = "00:00:02", ["Transport:MissedHeartbeats"] = "100" }, services: services => services.AddSingleton<TimeProvider>(clock));
        var user = new TestToken { Lifetime = TimeSpan.FromMinutes(1) };
        await using var renewed = await host.ConnectAsync(user, "/ws/s1");
        await using var left = await host.ConnectAsync(user, "/ws/s2");

        await renewed.SendAsync(new { type = "heartbeat", auth_token = host.Tokens.Issue(user with { Lifetime = TimeSpan.FromHours(1) }) });
        await renewed.ReadUntilAsync("heartbeat_ack");
        clock.Shift = TimeSpan.FromSeconds(61);
        await left.ReadUntilClosedAsync();
        var run = await renewed.AskAsync("still me");

        Assert.Equal(4401, left.CloseStatus);
        FrameRules.Check(run);
    }

    [Fact]
    public async Task AuthToken_OfAnotherUserOrPractice_IsForbiddenAndChangesNothing()
    {
        await using var host = await ChatHost.StartAsync(Scripts.Echo);
        var user = new TestToken();
        await using var socket = await host.ConnectAsync(user, "/ws/s1");

        foreach (var other in (TestToken[])[user with { UserId = Guid.CreateVersion7() }, user with { PracticeId = Guid.CreateVersion7() }])
        {
            await socket.SendAsync(new { type = "chat_message", message = "hi", auth_token = host.Tokens.Issue(other) });
            Assert.Equal("forbidden", (await socket.ReadAsync()).TextOf("code"));
        }

        var run = await socket.AskAsync("hello");
        Assert.Equal(user.UserId.ToString(), run[0].TextOf("user_id"));
    }

    [Theory]
    [InlineData("Transport:Idle", "00:00:01", "idle")]
    [InlineData("Transport:Heartbeat", "00:00:00.3", "no heartbeat")]
    public async Task Connection_ThatFallsSilent_IsToldAndClosedWith4408(string setting, string value, string reason)
    {
        await using var host = await ChatHost.StartAsync(Scripts.Echo, new() { [setting] = value });
        await using var socket = await host.ConnectAsync(new TestToken(), "/ws/s1");

        var last = await socket.ReadUntilClosedAsync();

        Assert.Equal(["closing"], last.Types());
        Assert.Equal("idle_timeout", last[0].TextOf("reason"));
        Assert.Equal((4408, reason), (socket.CloseStatus, socket.CloseReason));
    }

    [Fact]
    public async Task Shutdown_SaysClosingThenClosesWith1001()
    {
        var host = await ChatHost.StartAsync(Scripts.Echo);
        await using var socket = await host.ConnectAsync(new TestToken(), "/ws/s1");

        var stopping = host.DisposeAsync().AsTask();
        var last = await socket.ReadUntilClosedAsync();
        await stopping;

        Assert.Equal(["closing"], last.Types());
        Assert.Equal("shutdown", last[0].TextOf("reason"));
        Assert.Equal(1001, socket.CloseStatus);
    }

    [Fact]
    [Trait("Spec", "T000-002")]
    [Trait("Spec", "T002-004")]
    public async Task Sockets_OfTwoSessionsAndUsers_SeeOnlyTheirOwnFrames()
    {
        await using var host = await ChatHost.StartAsync(Scripts.Echo);
        var user = new TestToken();
        await using var one = await host.ConnectAsync(user, "/ws/same");
        await using var two = await host.ConnectAsync(user, "/ws/another");
        await using var stranger = await host.ConnectAsync(user with { UserId = Guid.CreateVersion7() }, "/ws/same");

        var first = await one.AskAsync("for one");
        var second = await two.AskAsync("for two");
        var third = await stranger.AskAsync("for the stranger");

        foreach (var (socket, run) in new[] { (one, first), (two, second), (stranger, third) })
        {
            await socket.SendAsync(new { type = "ping" });
            await socket.ReadUntilAsync("pong");
            Assert.Equal([run[0].RunId!], socket.Frames.Where(frame => frame.RunId is not null).Select(frame => frame.RunId!).Distinct());
        }
    }
}
