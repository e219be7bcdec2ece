using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Chat.Sessions;

namespace AiPlatform.Services.Chat.Transport.WebSockets;

/// <summary>Who is at the other end and in which session, while the connection lasts.</summary>
internal sealed class ConnectionState(AuthenticatedUser caller, ChatSessionKey session, bool providerFrames, DateTimeOffset now)
{
    public Guid Id { get; } = Guid.CreateVersion7(now);

    /// <summary>Replaced as a whole when the client sends a newer token of the same user.</summary>
    public AuthenticatedUser Caller { get; set; } = caller;

    public ChatSessionKey Session { get; set; } = session;

    /// <summary>True on /chat/ws.</summary>
    public bool ProviderFrames { get; } = providerFrames;

    public DateTimeOffset LastFrameAt { get; set; } = now;

    public DateTimeOffset LastRequestAt { get; set; } = now;

    public CurrentUser User => Caller.User;
}
