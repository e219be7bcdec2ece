using AiPlatform.Tests.Common;

namespace AiPlatform.Services.Chat.Tests.Hosting;

internal static class Conversations
{
    /// <summary>Sends a message and reads to the end of its run.</summary>
    /// <returns>The run's frames.</returns>
    public static async Task<IReadOnlyList<ReceivedFrame>> AskAsync(this ChatSocket socket, string message)
    {
        await socket.SendAsync(new { type = "chat_message", message });
        return await socket.ReadRunAsync();
    }

    /// <summary>Reads to the end of the next run and the typing frame after it.</summary>
    public static async Task<IReadOnlyList<ReceivedFrame>> ReadRunAsync(this ChatSocket socket)
    {
        var frames = await socket.ReadUntilAsync(frame => frame.Type == "typing" && !frame.Json.GetProperty("typing").GetBoolean());
        return frames.OfRun(frames.First(frame => frame.Seq is not null).RunId);
    }

    public static Task ResumeAsync(this ChatSocket socket, ReceivedFrame seen, long? lastSeq = null) =>
        socket.SendAsync(new { type = "stream_resume", run_id = seen.RunId, epoch = seen.Epoch, last_seq = lastSeq ?? seen.Seq });

    public static string[] Raws(this IEnumerable<ReceivedFrame> frames) => [.. frames.Select(frame => frame.Raw)];

    public static string[] Types(this IEnumerable<ReceivedFrame> frames) => [.. frames.Select(frame => frame.Type)];
}
