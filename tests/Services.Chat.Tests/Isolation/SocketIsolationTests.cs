using System.Net.Http.Json;
using System.Text.Json;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Chat.Sessions;
using AiPlatform.Services.Chat.Tests.Hosting;
using AiPlatform.Tests.Common;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Services.Chat.Tests.Isolation;

/// <summary>Ids of practice A's conversation in the frames and socket addresses of others.</summary>
public sealed class SocketIsolationTests(ConversationOfA a) : IClassFixture<ConversationOfA>
{
    public static TheoryData<string, UserRole> Strangers => Stranger.All;

    [Theory]
    [MemberData(nameof(Strangers))]
    public async Task Frames_WithIdsOfA_DoNothingAndTellNothing(string who, UserRole role)
    {
        var user = Stranger.Of(a.User, who, role);
        foreach (var replica in a.Replicas)
        {
            await using var there = await replica.ConnectAsync(user, $"/ws/{ConversationOfA.SessionId}");
            foreach (var (run, epoch) in ((Guid, string)[])[(a.EndedRun, a.Epoch), (a.EndedRun, "another"), (a.WaitingRun, a.WaitingEpoch), (a.WaitingRun, "another")])
            {
                Assert.Equal("stream_resumed recovered=False, pong", await ResumeAsync(there, run, epoch));
                Assert.Equal("pong", await SocketAnswers.ToAsync(there, new { type = "cancel", run_id = run }));
            }

            Assert.Equal("pong", await SocketAnswers.ToAsync(there, new { type = "cancel" }));
        }

        await using var socket = await a.Host.ConnectAsync(user, $"/ws/{ConversationOfA.SessionId}");
        Assert.Equal("error validation_error, pong", await SocketAnswers.ToAsync(socket, new { type = "chat_message", message = "mine", thread_id = a.ThreadId }));
        Assert.Equal(
            "error validation_error, pong",
            await SocketAnswers.ToAsync(socket, new { requestType = "text", userInput = new { prompt = "mine", session_id = ConversationOfA.SessionId }, thread_id = a.ThreadId }));
        if (user.ProfileId != a.User.ProfileId)
        {
            Assert.Equal("error forbidden, pong", await SocketAnswers.ToAsync(socket, new { type = "chat_message", message = "mine", profile_id = a.User.ProfileId }));
            foreach (var customer in (object[])[a.User.CustomerId!, a.User.UserId])
            {
                Assert.Equal(
                    "error forbidden, pong",
                    await SocketAnswers.ToAsync(socket, new { requestType = "text", userInput = new { prompt = "mine" }, customerId = customer }));
            }
        }

        // The session of that name is the stranger's own, in the path and in the request: another thread, another screen, no history.
        var own = await socket.AskAsync("mine");
        await using var provider = await a.Host.ConnectAsync(user, "/chat/ws");
        await provider.SendAsync(new { requestType = "text", userInput = new { prompt = "mine too", session_id = ConversationOfA.SessionId } });
        var named = await provider.ReadRunAsync();
        Assert.NotEqual(a.ThreadId, own[0].TextOf("thread_id"));
        Assert.Equal(own[0].TextOf("thread_id"), named[0].TextOf("thread_id"));
        var screen = await a.Host.Services.GetRequiredService<IUiStateStore>()
            .ReadAsync(new(user.PracticeId, user.UserId, ConversationOfA.SessionId), CancellationToken.None);
        Assert.Null(screen.CurrentClient);

        // A message of A's as the place to go on from is a place that nobody knows.
        using var client = a.Host.CreateClient(user);
        var page = await client.GetFromJsonAsync<JsonElement>($"/api/v1/threads/{own[0].TextOf("thread_id")}/messages?cursor={a.MessageId}");
        var unknown = await client.GetFromJsonAsync<JsonElement>($"/api/v1/threads/{own[0].TextOf("thread_id")}/messages?cursor={Guid.CreateVersion7()}");
        Assert.Equal(unknown.GetRawText(), page.GetRawText());

        var signs = new[] { ConversationOfA.Secret, a.ThreadId, a.MessageId };
        Assert.DoesNotContain(socket.Frames.Concat(provider.Frames), frame => signs.Any(sign => frame.Raw.Contains(sign, StringComparison.Ordinal)));
        if (user.UserId != a.User.UserId)
        {
            Assert.Equal(["mine", "mine\necho: mine\nmine too"], a.SeenBy(user.UserId));
        }
    }

    [Theory]
    [MemberData(nameof(Strangers))]
    public async Task AuthToken_OfAStrangerOnAConnectionOfA_IsRefusedAndChangesNothing(string who, UserRole role)
    {
        var user = Stranger.Of(a.User, who, role);
        await using var socket = await a.Host.ConnectAsync(a.User, $"/ws/tokens-{Guid.CreateVersion7():N}");

        var refused = await SocketAnswers.ToAsync(socket, new { type = "chat_message", message = "not to be sent", auth_token = a.Host.Tokens.Issue(user) });
        var run = await socket.AskAsync("still mine");

        Assert.Equal("error forbidden, pong", refused);
        using var client = a.Host.CreateClient(a.User);
        Assert.Equal("completed", (await client.GetFromJsonAsync<JsonElement>($"/chat/runs/{run[0].RunId}")).GetProperty("status").GetString());
        using var other = a.Host.CreateClient(user);
        Assert.Equal(System.Net.HttpStatusCode.NotFound, (await other.GetAsync($"/chat/runs/{run[0].RunId}")).StatusCode);
        Assert.DoesNotContain(a.SeenBy(a.User.UserId).Concat(a.SeenBy(user.UserId)), seen => seen.Contains("not to be sent", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Frames_OfItsOwnUser_AreServed()
    {
        await using var socket = await a.Host.ConnectAsync(a.User, $"/ws/{ConversationOfA.SessionId}");

        Assert.StartsWith("stream_resumed recovered=True", await ResumeAsync(socket, a.EndedRun, a.Epoch), StringComparison.Ordinal);
        await using var again = await a.Host.ConnectAsync(a.User, $"/ws/{ConversationOfA.SessionId}");
        Assert.Equal("stream_resumed recovered=False, run_snapshot, pong", await ResumeAsync(again, a.EndedRun, "another"));
        await using var elsewhere = await a.Host.ConnectAsync(a.User, $"/ws/elsewhere-{Guid.CreateVersion7():N}");
        await elsewhere.SendAsync(new
        {
            type = "chat_message",
            message = "my thread",
            thread_id = a.ThreadId,
            profile_id = a.User.ProfileId,
            auth_token = a.Host.Tokens.Issue(a.User with { Lifetime = TimeSpan.FromHours(2) }),
        });
        Assert.Equal(a.ThreadId, (await elsewhere.ReadRunAsync())[0].TextOf("thread_id"));
    }

    private static Task<string> ResumeAsync(ChatSocket socket, Guid run, string epoch) =>
        SocketAnswers.ToAsync(socket, new { type = "stream_resume", run_id = run, epoch, last_seq = 0 });
}
