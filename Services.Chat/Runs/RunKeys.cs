using AiPlatform.Services.Chat.Sessions;

namespace AiPlatform.Services.Chat.Runs;

/// <summary>The sets that limit runs and sockets.</summary>
internal static class RunKeys
{
    public static string Turn(ChatSessionKey session) => $"chat:{session.PracticeId}:session:{session.UserId}:{session.SessionId}:turn";

    public static string UserRuns(Guid practiceId, Guid userId) => $"chat:{practiceId}:user:{userId}:runs";

    public static string UserSockets(Guid practiceId, Guid userId) => $"chat:{practiceId}:user:{userId}:sockets";
}
