using System.Text.Json;

namespace AiPlatform.Services.Chat.Events;

/// <summary>What stands on every frame beside its body. <paramref name="Run"/> is null on frames outside a run.</summary>
internal sealed record FrameEnvelope(string SessionId, Guid EventId, DateTimeOffset Timestamp, RunPlace? Run = null)
{
    public static FrameEnvelope New(string sessionId, TimeProvider timeProvider, RunPlace? run = null)
    {
        var now = timeProvider.GetUtcNow();
        return new(sessionId, Guid.CreateVersion7(now), now, run);
    }

    public void Write(Utf8JsonWriter writer, bool withUser)
    {
        writer.WriteString("event_id", EventId);
        writer.WriteString("session_id", SessionId);
        writer.WriteString("timestamp", Timestamp.ToWire());
        if (Run is null)
        {
            return;
        }

        writer.WriteString("run_id", Run.RunId);
        writer.WriteNumber("seq", Run.Seq);
        writer.WriteString("epoch", Run.Epoch);
        if (Run.ThreadId is { } threadId)
        {
            writer.WriteString("thread_id", threadId);
        }

        if (withUser)
        {
            writer.WriteString("user_id", Run.UserId);
        }
    }
}

/// <summary>A frame's place in its run, and whose run it is.</summary>
internal sealed record RunPlace(Guid RunId, string Epoch, long Seq, Guid? ThreadId, Guid UserId);
