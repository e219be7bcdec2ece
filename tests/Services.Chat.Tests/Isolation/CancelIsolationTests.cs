using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Tests.Common;

namespace AiPlatform.Services.Chat.Tests.Isolation;

/// <summary>By itself, because it ends the run that the other classes ask about while it goes on.</summary>
public sealed class CancelIsolationTests(ConversationOfA a) : IClassFixture<ConversationOfA>
{
    [Fact]
    public async Task WaitingRun_AfterEverybodyTriedToStopIt_EndsWhole()
    {
        var everybody = from row in Stranger.All from replica in a.Replicas select ((string)row[0], (UserRole)row[1], replica);
        foreach (var (who, role, replica) in everybody)
        {
            await using var socket = await replica.ConnectAsync(Stranger.Of(a.User, who, role), $"/ws/{ConversationOfA.SessionId}");
            await SocketAnswers.ToAsync(socket, new { type = "cancel", run_id = a.WaitingRun });
            await SocketAnswers.ToAsync(socket, new { type = "cancel" });
            await SocketAnswers.ToAsync(socket, new { type = "close_session" }, ping: false);
        }

        var frames = await a.FinishAsync();

        FrameRules.Check(frames);
        Assert.Equal("completed", frames[^1].Json.GetProperty("payload").GetProperty("status").GetString());
        Assert.All(a.Socket.Frames, frame => Assert.Contains(frame.Type is "websocket_ready" or "ui_state_ack" or "typing" ? "" : $"{frame.RunId}", new[] { "", $"{a.EndedRun}", $"{a.WaitingRun}" }));
    }
}
