using AiPlatform.ServiceDefaults.Security;
using AiPlatform.ServiceDefaults.Writes;
using AiPlatform.Services.Api.Clients;

namespace AiPlatform.Services.Api.ClinicalSessions;

/// <summary>Tells which sessions can be loaded, before somebody loads them. What the caller may not see is not found, as what is not there.</summary>
internal sealed class SessionValidation(ClientGate gate, IClinicalSessionStore sessions)
{
    private const int MaxSessions = 100;

    public async Task<SessionValidationResponse> ValidateAsync(CurrentUser user, ValidateSessionsRequest request, CancellationToken cancellationToken)
    {
        var asked = Check(request);
        var scope = await gate.ScopeOfAsync(user, cancellationToken);
        var ids = asked.Select(pair => pair.SessionId).Distinct().ToList();
        var found = (await sessions.FindAllAsync(user.PracticeId, scope, ids, cancellationToken)).ToDictionary(session => session.Id);
        return new([.. asked.Select(pair => ToResponse(
            pair.SessionId, pair.ClientId, found.GetValueOrDefault(pair.SessionId) is { } session && session.ClientId == pair.ClientId ? session : null))]);
    }

    private static List<(Guid SessionId, Guid ClientId)> Check(ValidateSessionsRequest request)
    {
        var faults = new Faults("session.validation_invalid");
        if (request.Sessions is not { Count: > 0 and <= MaxSessions } sessions)
        {
            faults.Add("sessions", "list.length", $"1 to {MaxSessions} sessions are needed.");
            faults.Throw();
            return [];
        }

        foreach (var (index, pair) in sessions.Index())
        {
            if (pair?.SessionId is null)
            {
                faults.Add($"sessions[{index}].sessionId", "session.id_missing", "The id of a session is needed.");
            }

            if (pair?.ClientId is null)
            {
                faults.Add($"sessions[{index}].clientId", "session.client_missing", "The id of its client is needed.");
            }
        }

        faults.Throw();
        return [.. sessions.Select(pair => (pair!.SessionId!.Value, pair.ClientId!.Value))];
    }

    private static ValidatedSessionResponse ToResponse(Guid sessionId, Guid clientId, ClinicalSession? session) => new(
        sessionId,
        clientId,
        session?.Transcript switch
        {
            null => "not_found",
            TranscriptStates.Available => "ready",
            TranscriptStates.Expired => "transcript_expired",
            _ => "no_transcript",
        },
        session?.HasTranscript ?? false,
        session?.TotalSegments ?? 0);
}
