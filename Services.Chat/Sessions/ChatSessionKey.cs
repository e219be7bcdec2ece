namespace AiPlatform.Services.Chat.Sessions;

/// <summary>Names a chat session. Practice and user come from the verified token, so another user's id is simply another session.</summary>
internal readonly record struct ChatSessionKey(Guid PracticeId, Guid UserId, string SessionId)
{
    private const int MaxLength = 128;

    /// <summary>Letters, digits, dash, underscore and dot: the id is part of keys, so it has no colon.</summary>
    public static bool IsValidId(string sessionId) =>
        sessionId.Length is > 0 and <= MaxLength && sessionId.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
}
