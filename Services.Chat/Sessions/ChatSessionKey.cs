namespace AiPlatform.Services.Chat.Sessions;

/// <summary>Names a chat session. Practice and user come from the verified token, so another user's id is simply another session.</summary>
internal readonly record struct ChatSessionKey(Guid PracticeId, Guid UserId, string SessionId);
