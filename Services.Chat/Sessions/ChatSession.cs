namespace AiPlatform.Services.Chat.Sessions;

/// <summary>The live state of one person at the chat, beside the UI state.</summary>
/// <param name="ThreadId">The conversation the session is in; null before its first message.</param>
internal sealed record ChatSession(ChatSessionKey Key, string Persona, Guid? ThreadId, DateTimeOffset CreatedAt);
