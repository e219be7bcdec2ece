using AiPlatform.Tests.Common;

namespace AiPlatform.Services.Chat.Tests.Isolation;

internal static class SocketAnswers
{
    /// <returns>What a frame is answered with, to the pong of a ping sent after it.</returns>
    public static async Task<string> ToAsync(ChatSocket socket, object frame, bool ping = true)
    {
        var before = socket.Frames.Count;
        await socket.SendAsync(frame);
        if (!ping)
        {
            await socket.ReadUntilClosedAsync();
            return "closed";
        }

        await socket.SendAsync(new { type = "ping" });
        await socket.ReadUntilAsync("pong");
        return string.Join(", ", socket.Frames.Skip(before).Select(Describe));
    }

    private static string Describe(ReceivedFrame frame) => frame.Type switch
    {
        "error" => $"error {frame.TextOf("code")}",
        "stream_resumed" => $"stream_resumed recovered={frame.Json.GetProperty("recovered").GetBoolean()}",
        var type => type,
    };
}
