using AiPlatform.Services.Api.ClinicalSessions.Import;

namespace AiPlatform.Services.Api.ClinicalSessions;

/// <summary>What was said in sessions. Who may read it is decided before.</summary>
internal interface ITranscriptStore
{
    /// <returns>The segments in order; none for a session of another practice.</returns>
    Task<IReadOnlyList<TranscriptSegment>> ReadAsync(Guid practiceId, Guid sessionId, CancellationToken cancellationToken);

    /// <returns>The segments of several sessions, session by session in the order of the ids.</returns>
    Task<IReadOnlyList<SessionSegment>> ReadAllAsync(
        Guid practiceId, IReadOnlyCollection<Guid> sessionIds, CancellationToken cancellationToken);

    /// <returns>Who speaks, in the order in which they first do; nobody when there is no transcript.</returns>
    Task<IReadOnlyList<SpeakerResponse>> ReadSpeakersAsync(Guid practiceId, Guid sessionId, CancellationToken cancellationToken);

    /// <summary>
    /// Adds the session, its transcript, the note of the import and its audit event in one transaction, with the client's consent in effect. Of
    /// several imports with one idempotency key at the same moment one adds; the others wait for it and get what it added.
    /// </summary>
    /// <returns>The import that stands under the key afterwards: this one, or an earlier one.</returns>
    /// <exception cref="ServiceDefaults.Errors.DomainException">There is no consent to recording; nothing was stored.</exception>
    Task<StoredImport> AddAsync(
        Guid practiceId, SessionImport import, ClinicalSession session, IReadOnlyList<TranscriptSegment> segments, CancellationToken cancellationToken);
}
