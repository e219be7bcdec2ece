using AiPlatform.Services.Chat.Sessions;

namespace AiPlatform.Services.Chat.Events;

/// <summary>A replica's claim to write a run's log in an epoch; good for as long as Redis knows no newer fence.</summary>
internal sealed record LogClaim(RunKey Run, ChatSessionKey Session, Guid ThreadId, string Replica, string Epoch, long Fence)
{
    public const long FirstFence = 1;

    public static string NewEpoch(DateTimeOffset now) => Guid.CreateVersion7(now).ToString("N");

    /// <summary>The same writer's claim to a new epoch: what is still on its way to the old one will be refused.</summary>
    public LogClaim Next(TimeProvider timeProvider) => this with { Epoch = NewEpoch(timeProvider.GetUtcNow()), Fence = Fence + 1 };

    public LoggedFrame Frame(long seq, FrameBody body, TimeProvider timeProvider)
    {
        var place = new RunPlace(Run.RunId, Epoch, seq, ThreadId, Session.UserId);
        return new(Epoch, seq, FrameTypes.NameOf(body), FrameWriter.Write(body, FrameEnvelope.New(Session.SessionId, timeProvider, place)));
    }
}
