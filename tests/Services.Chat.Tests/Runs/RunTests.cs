using AiPlatform.Services.Chat.Tests.Hosting;
using AiPlatform.Tests.Common;

namespace AiPlatform.Services.Chat.Tests.Runs;

public sealed class RunTests
{
    [Fact]
    [Trait("Spec", "T000-009")]
    [Trait("Spec", "T000-010")]
    [Trait("Spec", "T000-011")]
    public async Task Message_OnPracticeSocket_SendsTheWholeRunInOrder()
    {
        await using var host = await ChatHost.StartAsync(Scripts.Whole);
        await using var socket = await host.ConnectAsync(new TestToken(), "/ws/s1");

        await socket.SendAsync(new { type = "chat_message", message = "Hello <b>" });
        var frames = await socket.ReadUntilAsync(frame => frame.Type == "typing" && !frame.Json.GetProperty("typing").GetBoolean());

        Assert.Equal("typing", frames[0].Type);
        Assert.True(frames[0].Json.GetProperty("typing").GetBoolean());
        FrameRules.Check(frames.OfRun(frames[1].RunId));
        Assert.Equal(
            [
                "typing", "agent_started", "stream_start", "agent_thinking", "tool_executing", "tool_completed", "text_chunk", "text_chunk", "text_chunk",
                "ui_action", "text_completed", "tts_not_requested", "agent_completed", "typing",
            ],
            frames.Types());
        Assert.Equal("You said: Hello <b> 🙂", frames[10].TextOf("content"));
    }
}
