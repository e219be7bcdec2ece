using System.Text.Json;
using AiPlatform.Tests.Common;
using Aspire.Hosting;
using Aspire.Hosting.Testing;

namespace AiPlatform.Distributed.Tests;

/// <summary>One chat session of the main job: a socket on the transcribe page.</summary>
internal static class Conversation
{
    public const string WriteNote = "Write a progress note from it";

    public static string FindSession(string clientName) => $"Find {clientName} and show me the last session";

    public static async Task<ChatSocket> OpenAsync(DistributedApplication app, string token, string sessionId)
    {
        var socket = await ChatSocket.ConnectAsync(new Uri(app.GetEndpoint("chat", "http"), $"/ws/{sessionId}"), token);
        await socket.ReadUntilAsync("websocket_ready");
        await socket.SendAsync(new
        {
            type = "ui_state_update",
            state = new
            {
                page_type = "transcribe_page",
                page_url = "/transcribe",
                loadedSessions = Array.Empty<object>(),
                generatedDocuments = Array.Empty<object>(),
                timestamp = DateTimeOffset.UtcNow,
            },
        });
        await socket.ReadUntilAsync("ui_state_ack");
        return socket;
    }

    /// <returns>The frames of the run that the message starts, from agent_started to agent_completed.</returns>
    public static async Task<IReadOnlyList<ReceivedFrame>> SayAsync(ChatSocket socket, string message)
    {
        await socket.SendAsync(new { type = "chat_message", message });
        var frames = await socket.ReadUntilAsync("agent_completed");
        return [.. frames.Where(frame => frame.RunId is not null)];
    }

    public static IReadOnlyList<string> ToolsOf(IEnumerable<ReceivedFrame> frames) =>
        [.. frames.Where(frame => frame.Type == "tool_executing").Select(frame => frame.Json.GetProperty("payload").GetProperty("tool_name").GetString()!)];

    /// <summary>What the one call of the tool came to, as a frame shows it.</summary>
    public static JsonElement ResultOf(IEnumerable<ReceivedFrame> frames, string tool) => frames
        .Where(frame => frame.Type == "tool_completed")
        .Select(frame => frame.Json.GetProperty("payload"))
        .Single(payload => payload.GetProperty("tool_name").GetString() == tool)
        .GetProperty("result");
}
