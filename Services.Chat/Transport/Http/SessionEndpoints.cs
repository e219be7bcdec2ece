using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Chat.Sessions;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Chat.Transport.Http;

/// <param name="SessionId">Null makes a new one.</param>
/// <param name="Persona">Null takes the default.</param>
internal sealed record CreateSessionRequest(string? SessionId = null, string? Persona = null);

internal sealed record SessionResponse(string SessionId, string Persona, Guid? ThreadId, DateTimeOffset CreatedAt, int ExpiresIn);

internal static class SessionEndpoints
{
    public static RouteGroupBuilder MapSessions(this RouteGroupBuilder group)
    {
        group.WithTags("Sessions");
        group.MapPost("/", CreateAsync).WithName("CreateSession");
        group.MapDelete("/{id}", DeleteAsync).WithName("DeleteSession");
        return group;
    }

    private static async Task<Created<SessionResponse>> CreateAsync(
        CreateSessionRequest? request, ChatSessions sessions, CurrentUser user, IOptions<ChatSessionOptions> options, TimeProvider timeProvider,
        CancellationToken cancellationToken)
    {
        var sessionId = request?.SessionId ?? Guid.CreateVersion7(timeProvider.GetUtcNow()).ToString();
        if (!ChatSessionKey.IsValidId(sessionId))
        {
            throw new DomainException(DomainErrorKind.Invalid, "session.invalid_id", "A session id has up to 128 letters, digits, dashes, underscores and dots.");
        }

        if (request?.Persona is { } persona && persona != options.Value.DefaultPersona)
        {
            throw new DomainException(DomainErrorKind.Invalid, "persona.unknown", "There is no such persona.");
        }

        var session = await sessions.OpenAsync(new(user.PracticeId, user.UserId, sessionId), request?.Persona, cancellationToken);
        return TypedResults.Created(
            $"/sessions/{sessionId}",
            new SessionResponse(sessionId, session.Persona, session.ThreadId, session.CreatedAt, (int)options.Value.Timeout.TotalSeconds));
    }

    // Gone is gone: deleting what is not there is no error.
    private static async Task<NoContent> DeleteAsync(
        string id, ChatSessions sessions, RedisUiStateStore uiStates, CurrentUser user, CancellationToken cancellationToken)
    {
        if (ChatSessionKey.IsValidId(id))
        {
            var key = new ChatSessionKey(user.PracticeId, user.UserId, id);
            await sessions.DeleteAsync(key, cancellationToken);
            await uiStates.DeleteAsync(key, cancellationToken);
        }

        return TypedResults.NoContent();
    }
}
