using AiPlatform.ServiceDefaults.Data;
using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Chat.Events;
using AiPlatform.Services.Chat.Runs;
using AiPlatform.Services.Chat.Sessions;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Chat.Transport.WebSockets;

/// <summary>Lets sockets in, as many as a user may have over all replicas.</summary>
internal sealed partial class ChatSockets(
    FrameHandler handler, SignInWatch signIns, RunReader reader, SessionNotices notices, RedisLeases leases, IOptions<TransportOptions> options, ServiceInstance instance,
    IHostApplicationLifetime lifetime, TimeProvider timeProvider, ILoggerFactory loggers, ILogger<ChatSockets> logger)
{
    public async Task ServeAsync(HttpContext http, string sessionId, bool providerFrames, AuthenticatedUser caller)
    {
        if (!http.WebSockets.IsWebSocketRequest)
        {
            throw new DomainException(DomainErrorKind.Invalid, "socket.upgrade_required", "This address speaks WebSocket only.");
        }

        if (!ChatSessionKey.IsValidId(sessionId))
        {
            throw new DomainException(DomainErrorKind.Invalid, "session.invalid_id", "A session id has up to 128 letters, digits, dashes, underscores and dots.");
        }

        var session = new ChatSessionKey(caller.User.PracticeId, caller.User.UserId, sessionId);
        var state = new ConnectionState(caller, session, providerFrames, timeProvider.GetUtcNow());
        var place = new Lease(
            RunKeys.UserSockets(session.PracticeId, session.UserId), state.Id.ToString(), options.Value.SocketsPerUser);

        try
        {
            await ServeAsync(http, state, place, await TryTakeAsync(place, http.RequestAborted));
        }
        finally
        {
            // Also when it was taken and the caller had gone before the answer came; of a place that is not held there is nothing to give back.
            await leases.GiveBackAsync(place);
        }
    }

    private async Task ServeAsync(HttpContext http, ConnectionState state, Lease place, bool isAdmitted)
    {
        var sessionId = state.Session.SessionId;
        using var socket = await http.WebSockets.AcceptWebSocketAsync();
        using var writer = new SocketWriter(socket, options.Value.SendTimeout, timeProvider);
        if (!isAdmitted)
        {
            await writer.CloseAsync(CloseCodes.TooManyConnections, "too many connections", http.RequestAborted);
            return;
        }

        using var keeping = new CancellationTokenSource();
        var kept = KeepAsync(place, keeping.Token);
        LogOpened(sessionId);
        try
        {
            await using var follower = new RunFollower(writer, reader, notices, loggers.CreateLogger<RunFollower>());
            using var connection = new ChatConnection(socket, state, writer, follower, handler, signIns, options.Value, instance, timeProvider, lifetime.ApplicationStopping);
            await connection.RunAsync(http.RequestAborted);
        }
        finally
        {
            await keeping.CancelAsync();
            await kept;
            LogClosed(sessionId, (int?)socket.CloseStatus);
        }
    }

    // Without Redis nobody is counted, and nobody is kept out.
    private async Task<bool> TryTakeAsync(Lease place, CancellationToken cancellationToken)
    {
        try
        {
            return await leases.TryTakeAsync(place, cancellationToken);
        }
        catch (RedisUnavailableException exception)
        {
            LogNotCounted(exception);
            return true;
        }
    }

    // After a time without Redis the place is gone, and taken again: the connection is there.
    private async Task KeepOnceAsync(Lease place, CancellationToken cancellationToken)
    {
        try
        {
            if (!await leases.RenewAsync(place, cancellationToken))
            {
                await leases.TryTakeAsync(place, cancellationToken);
            }
        }
        catch (RedisUnavailableException exception)
        {
            LogNotCounted(exception);
        }
    }

    private async Task KeepAsync(Lease place, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await Task.Delay(leases.Renewal, timeProvider, cancellationToken);
                await KeepOnceAsync(place, cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The connection ended.
        }
    }

    [LoggerMessage(LogLevel.Information, "Opened a connection to session {SessionId}.")]
    private partial void LogOpened(string sessionId);

    [LoggerMessage(LogLevel.Information, "Closed a connection to session {SessionId} with {CloseStatus}.")]
    private partial void LogClosed(string sessionId, int? closeStatus);

    [LoggerMessage(LogLevel.Warning, "A connection could not be counted.")]
    private partial void LogNotCounted(Exception exception);
}
