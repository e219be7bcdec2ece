using System.Text.Json;
using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.ServiceDefaults.Http;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Chat.Events;
using AiPlatform.Services.Chat.Runs;
using AiPlatform.Services.Chat.Sessions;
using AiPlatform.Services.Chat.Transport.Contracts;

namespace AiPlatform.Services.Chat.Transport.WebSockets;

/// <summary>What each client frame does (PROTOCOL section 4). A frame that cannot be served gets an error; the socket stays open.</summary>
internal sealed partial class FrameHandler(
    RunService runs, UiStateService uiStates, TokenVerifier tokens, SignInWatch signIns, TimeProvider timeProvider, ILogger<FrameHandler> logger)
{
    // Two members of one name mean one thing to us and another to somebody else who reads the frame.
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <returns>False when the client asked to close.</returns>
    public async Task<bool> HandleAsync(
        ConnectionState connection, SocketWriter writer, RunFollower follower, ReadOnlyMemory<byte> utf8, CancellationToken cancellationToken)
    {
        try
        {
            using var document = JsonDocument.Parse(utf8, Strict);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                await RefuseAsync(connection, writer, ConnectionProblem.Invalid("A frame is a JSON object."), cancellationToken);
                return true;
            }

            return await HandleAsync(connection, writer, follower, document.RootElement, cancellationToken);
        }
        catch (Exception exception) when (exception is JsonException || (exception is InvalidOperationException && !IsUnicode(utf8.Span)))
        {
            await RefuseAsync(connection, writer, new("invalid_json", "validation", "The frame is not valid JSON."), cancellationToken);
        }
        catch (DependencyUnavailableException exception)
        {
            LogUnavailable(exception);
            await RefuseAsync(
                connection, writer, new("upstream_unavailable", "internal", "A part of the service is not available right now.", true), cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogBroke(exception);
            await RefuseAsync(connection, writer, new("internal_error", "internal", "Something went wrong on our side.", true), cancellationToken);
        }

        return true;
    }

    private async Task<bool> HandleAsync(
        ConnectionState connection, SocketWriter writer, RunFollower follower, JsonElement frame, CancellationToken cancellationToken)
    {
        var type = ChatInputReader.Scalar(frame, "type");
        if (type is null && (frame.TryGetProperty("requestType", out _) || frame.TryGetProperty("request_type", out _)))
        {
            type = "request";
        }

        // Only what a person did counts as a request; signs of life and acks do not.
        if (type is not ("heartbeat" or "ping" or "ack"))
        {
            connection.LastRequestAt = timeProvider.GetUtcNow();
        }

        if (FrameShapes.FindFault(type, frame) is { } field)
        {
            await RefuseAsync(connection, writer, ConnectionProblem.Invalid($"{field} has a value of the wrong kind."), cancellationToken);
            return true;
        }

        if (await RenewTokenAsync(connection, frame, cancellationToken) is { } refused)
        {
            await RefuseAsync(connection, writer, refused, cancellationToken);
            return true;
        }

        var sessionId = connection.Session.SessionId;
        switch (type)
        {
            case "heartbeat":
                await writer.SendAsync(new HeartbeatAckFrame(), sessionId, cancellationToken);
                break;
            case "ping":
                await writer.SendAsync(new PongFrame(), sessionId, cancellationToken);
                break;
            case "ui_state_update":
                await writer.SendAsync(await UpdateUiStateAsync(connection, frame, cancellationToken), sessionId, cancellationToken);
                break;
            case "chat_message":
                await SendMessageAsync(connection, writer, follower, ChatInputReader.ReadMessage(frame), cancellationToken);
                break;
            case "request":
                await SendMessageAsync(connection, writer, follower, ChatInputReader.ReadRequest(frame), cancellationToken);
                break;
            case "cancel":
                await CancelAsync(connection, writer, frame, cancellationToken);
                break;
            case "stream_resume":
                await ResumeAsync(connection, writer, follower, frame, cancellationToken);
                break;
            case "ack":
                break;
            case "close_session":
                return false;
            case "audio_chunk" or "recording_finished" or "RecordingFinished":
                await RefuseAsync(connection, writer, ConnectionProblem.NotConfigured("stt", "Audio is not configured here."), cancellationToken);
                break;
            default:
                LogUnknown(connection.Session.SessionId);
                await RefuseAsync(connection, writer, ConnectionProblem.Invalid("The frame's type is not known."), cancellationToken);
                break;
        }

        return true;
    }

    /// <summary>A newer token of the same user replaces the connection's; any other changes nothing.</summary>
    private async Task<ConnectionProblem?> RenewTokenAsync(ConnectionState connection, JsonElement frame, CancellationToken cancellationToken)
    {
        if (ChatInputReader.Scalar(frame, "auth_token") is not { Length: > 0 } token || token == connection.Caller.Token)
        {
            return null;
        }

        var verification = await tokens.VerifyAsync(token, cancellationToken);
        if (verification.User is not { } user || user.UserId != connection.User.UserId || user.PracticeId != connection.User.PracticeId)
        {
            return ConnectionProblem.Forbidden("The token is not one of this connection's user.");
        }

        // The connection would end with it.
        if (await signIns.IsEndedAsync(user, cancellationToken))
        {
            return ConnectionProblem.Forbidden("The token's sign-in was ended.");
        }

        connection.Caller = new(user, token, verification.ExpiresAt);
        return null;
    }

    private async Task<UiStateAckFrame> UpdateUiStateAsync(ConnectionState connection, JsonElement frame, CancellationToken cancellationToken)
    {
        var kind = frame.TryGetProperty("state", out _) ? "full" : "incremental";
        if (UiStateChange.Parse(frame, timeProvider.GetUtcNow()) is not { } change)
        {
            return new(false, null, kind, "invalid");
        }

        try
        {
            var outcome = await uiStates.ApplyAsync(connection.Session, change, cancellationToken);
            return new(outcome.Applied, outcome.LastUpdated.ToWire(), kind, outcome.Applied ? null : "stale");
        }
        catch (DependencyUnavailableException exception)
        {
            LogUnavailable(exception);
            return new(false, null, kind, "storage_unavailable");
        }
    }

    private async Task SendMessageAsync(
        ConnectionState connection, SocketWriter writer, RunFollower follower, ChatInputReading reading, CancellationToken cancellationToken)
    {
        var problem = reading.Problem ?? (reading.Input is { } read ? Check(connection.User, read) : null);
        if (problem is not null)
        {
            await RefuseAsync(connection, writer, problem, cancellationToken);
            return;
        }

        if (reading.Input is not { } input)
        {
            return;
        }

        if (input.SessionId is { } sessionId && sessionId != connection.Session.SessionId)
        {
            connection.Session = connection.Session with { SessionId = sessionId };
            await follower.AttachAsync(connection.Session, cancellationToken);
        }

        var request = new RunRequest(
            connection.Session, connection.User, connection.Caller.Token, input.Message, input.ThreadId, input.Model, connection.ProviderFrames);
        switch (await runs.AcceptAsync(request, cancellationToken))
        {
            case Acceptance.QueueFull:
                await RefuseAsync(
                    connection, writer, new("buffer_overflow", "validation", "Too many messages are waiting; this one was dropped.", true), cancellationToken);
                break;
            case Acceptance.UnknownThread:
                await RefuseAsync(connection, writer, ConnectionProblem.Invalid("There is no such thread."), cancellationToken);
                break;
        }
    }

    private static ConnectionProblem? Check(CurrentUser user, ChatInput input)
    {
        if (input.ProfileId is { Length: > 0 } profileId && (!Guid.TryParse(profileId, out var profile) || profile != user.ProfileId))
        {
            return ConnectionProblem.Forbidden("profile_id is not one of this user.");
        }

        if (input.CustomerId is { Length: > 0 } customerId
            && customerId != user.CustomerId
            && !(Guid.TryParse(customerId, out var subject) && subject == user.UserId))
        {
            return ConnectionProblem.Forbidden("customerId is not this user.");
        }

        return input.SessionId is { } sessionId && !ChatSessionKey.IsValidId(sessionId)
            ? ConnectionProblem.Invalid("session_id has characters that an id may not have.")
            : null;
    }

    private async Task CancelAsync(ConnectionState connection, SocketWriter writer, JsonElement frame, CancellationToken cancellationToken)
    {
        switch (ChatInputReader.Scalar(frame, "run_id"))
        {
            case null or "":
                await runs.CancelCurrentAsync(connection.User, connection.Session, cancellationToken);
                break;
            case var text when Guid.TryParse(text, out var runId):
                await runs.CancelAsync(connection.User, runId, cancellationToken);
                break;
            default:
                await RefuseAsync(connection, writer, ConnectionProblem.Invalid("run_id is not an id."), cancellationToken);
                break;
        }
    }

    private async Task ResumeAsync(
        ConnectionState connection, SocketWriter writer, RunFollower follower, JsonElement frame, CancellationToken cancellationToken)
    {
        if (!Guid.TryParse(ChatInputReader.Scalar(frame, "run_id"), out var runId)
            || !frame.TryGetProperty("last_seq", out var last)
            || last.ValueKind != JsonValueKind.Number
            || !last.TryGetInt64(out var lastSeq))
        {
            await RefuseAsync(connection, writer, ConnectionProblem.Invalid("stream_resume needs run_id, epoch and last_seq."), cancellationToken);
            return;
        }

        var epoch = ChatInputReader.Scalar(frame, "epoch");
        var resume = await runs.ResumeAsync(connection.User, runId, epoch, lastSeq, cancellationToken);
        if (!await follower.ResumeAsync(connection.Session, resume, epoch, cancellationToken))
        {
            await RefuseAsync(connection, writer, ConnectionProblem.Invalid("Too many runs are resumed at once."), cancellationToken);
        }
    }

    // Half a surrogate pair ("\ud800") parses, and throws InvalidOperationException when it is read.
    private static bool IsUnicode(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8);
        try
        {
            while (reader.Read())
            {
                _ = reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName ? reader.GetString() : null;
            }

            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static Task<bool> RefuseAsync(ConnectionState connection, SocketWriter writer, ConnectionProblem problem, CancellationToken cancellationToken) =>
        writer.SendAsync(
            new ConnectionErrorFrame(problem.Code, problem.Stage, problem.Content, problem.Retryable, Correlation.Current),
            connection.Session.SessionId, cancellationToken);

    [LoggerMessage(LogLevel.Warning, "A frame of unknown type came in session {SessionId}.")]
    private partial void LogUnknown(string sessionId);

    [LoggerMessage(LogLevel.Warning, "A client's frame could not be served.")]
    private partial void LogUnavailable(Exception exception);

    [LoggerMessage(LogLevel.Error, "Handling a client's frame broke.")]
    private partial void LogBroke(Exception exception);
}
