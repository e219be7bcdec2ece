using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Documents.Services;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Documents.Sources;

/// <summary>Fetches once what a document is made from, all at the same time, and checks that it belongs together.</summary>
internal sealed class SourceReader(PracticeApi api, TimeProvider timeProvider, IOptions<SourceOptions> options)
{
    /// <param name="clientId">Checked against the sessions when given.</param>
    public async Task<SourceSnapshot> ReadAsync(
        CurrentUser user, Guid? clientId, IReadOnlyList<Guid> sessionIds, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(options.Value.TimeoutSeconds), timeProvider);
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            return await ReadAllAsync(user, clientId, sessionIds, bound.Token);
        }
        catch (OperationCanceledException exception) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw PracticeApi.TimedOut(exception);
        }
    }

    private async Task<SourceSnapshot> ReadAllAsync(
        CurrentUser user, Guid? clientId, IReadOnlyList<Guid> sessionIds, CancellationToken cancellationToken)
    {
        var sessionReads = sessionIds.Distinct().Select(id => ReadSessionAsync(id, cancellationToken)).ToArray();
        var meRead = api.GetMeAsync(cancellationToken);
        var clinicRead = api.GetClinicAsync(cancellationToken);
        var knownClientRead = clientId is { } known ? ReadClientAsync(known, cancellationToken) : null;

        // All are awaited before the first failure is told, so that no read outlives the request.
        await Task.WhenAll([.. sessionReads, meRead, clinicRead, .. knownClientRead is null ? Array.Empty<Task>() : [knownClientRead]]);

        var sessions = sessionReads.Select(read => read.Result).OrderBy(session => session.StartedAt).ToArray();
        CheckBelongTogether(clientId, sessions);
        CheckTranscripts(sessions);

        var client = await (knownClientRead ?? ReadClientAsync(sessions[0].ClientId, cancellationToken));
        var clinic = await clinicRead;
        return new(
            new SourceClient(client.Id, client.Name),
            Practitioner(user, await meRead, sessions),
            new SourcePractice(clinic.Name, clinic.TimeZone),
            [.. sessions.Select(ToSource)]);
    }

    private async Task<ApiSession> ReadSessionAsync(Guid id, CancellationToken cancellationToken) =>
        await api.FindSessionAsync(id, cancellationToken)
        ?? throw new DomainException(DomainErrorKind.NotFound, "session.not_found", $"There is no session {id}.");

    private async Task<ApiClientRecord> ReadClientAsync(Guid id, CancellationToken cancellationToken) =>
        await api.FindClientAsync(id, cancellationToken)
        ?? throw new DomainException(DomainErrorKind.NotFound, "client.not_found", $"There is no client {id}.");

    private static void CheckBelongTogether(Guid? clientId, ApiSession[] sessions)
    {
        if (sessions.Select(session => session.ClientId).Distinct().Count() > 1)
        {
            throw new DomainException(DomainErrorKind.Invalid, "document.mixed_clients", "A document is about one client; these sessions are of several.");
        }

        if (clientId is { } given && given != sessions[0].ClientId)
        {
            throw new DomainException(DomainErrorKind.Invalid, "document.client_mismatch", "The sessions are not of the client given.");
        }
    }

    private void CheckTranscripts(ApiSession[] sessions)
    {
        if (sessions.FirstOrDefault(session => session.Segments is null || session.Segments.All(segment => string.IsNullOrWhiteSpace(segment.Text))) is { } empty)
        {
            throw new DomainException(
                DomainErrorKind.Unprocessable, "document.empty_transcript", $"The session {empty.SessionId} has no transcript to write from.");
        }

        if (sessions.Sum(session => session.Segments!.Sum(segment => (long)segment.Text.Length)) > options.Value.MaxCharacters)
        {
            throw new DomainException(
                DomainErrorKind.TooLarge, "document.sources_too_large", $"The transcripts together have more than {options.Value.MaxCharacters} characters.");
        }
    }

    // Who asks is who writes, unless they treat nobody: then it is the practitioner of the last session.
    private static SourcePractitioner Practitioner(CurrentUser user, ApiMe me, ApiSession[] sessions) =>
        (me.ProfileId ?? user.ProfileId) is { } profileId
            ? new(profileId, me.DisplayName ?? sessions[^1].PractitionerName ?? "")
            : new(sessions[^1].PractitionerId, sessions[^1].PractitionerName ?? me.DisplayName ?? "");

    private static SourceSession ToSource(ApiSession session) => new(
        session.SessionId,
        session.Title ?? "",
        session.StartedAt,
        [.. session.Segments!
            .Where(segment => !string.IsNullOrWhiteSpace(segment.Text))
            .Select(segment => new SourceSegment(segment.Index, segment.Speaker, segment.Start, segment.Text))]);
}
