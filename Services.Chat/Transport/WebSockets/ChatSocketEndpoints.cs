using AiPlatform.ServiceDefaults.Security;

namespace AiPlatform.Services.Chat.Transport.WebSockets;

internal static class ChatSocketEndpoints
{
    public static IEndpointRouteBuilder MapChatSockets(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/ws/{session_id}", ServeSessionAsync).AllowQueryToken().WithName("PracticeSocket").ExcludeFromDescription();
        endpoints.MapGet("/chat/ws", ServeChatAsync).AllowQueryToken().WithName("ChatSocket").ExcludeFromDescription();
        return endpoints;
    }

    private static Task ServeSessionAsync(HttpContext http, [Microsoft.AspNetCore.Mvc.FromRoute(Name = "session_id")] string sessionId, ChatSockets sockets, AuthenticatedUser caller) =>
        sockets.ServeAsync(http, sessionId, providerFrames: false, caller);

    // The session begins with the connection; a request may name another one.
    private static Task ServeChatAsync(HttpContext http, ChatSockets sockets, AuthenticatedUser caller, TimeProvider timeProvider) =>
        sockets.ServeAsync(http, Guid.CreateVersion7(timeProvider.GetUtcNow()).ToString(), providerFrames: true, caller);
}
