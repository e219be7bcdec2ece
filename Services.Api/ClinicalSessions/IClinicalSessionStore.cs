using AiPlatform.Services.Api.Audit;
using AiPlatform.Services.Api.Clients;

namespace AiPlatform.Services.Api.ClinicalSessions;

internal interface IClinicalSessionStore
{
    /// <returns>Null when there is no such session, or its client lies outside the scope.</returns>
    Task<ClinicalSession?> FindAsync(Guid practiceId, ClientScope scope, Guid id, CancellationToken cancellationToken);

    /// <returns>The segments in order; none for a session of another practice.</returns>
    Task<IReadOnlyList<TranscriptSegment>> ReadSegmentsAsync(Guid practiceId, Guid id, CancellationToken cancellationToken);

    /// <returns>The newest matching sessions, and how many match.</returns>
    Task<(IReadOnlyList<ClinicalSession> Sessions, int Total)> SearchAsync(
        Guid practiceId, SessionFilter filter, CancellationToken cancellationToken);

    /// <returns>For each client that has sessions: how many, and when the last began.</returns>
    Task<IReadOnlyDictionary<Guid, SessionCount>> CountAsync(
        Guid practiceId, IReadOnlyCollection<Guid> clientIds, CancellationToken cancellationToken);

    /// <summary>
    /// Adds the session, its transcript, the note of the import and its audit event in one transaction. Of several imports with one idempotency key
    /// at the same moment one adds; the others wait for it and get what it added.
    /// </summary>
    /// <returns>The import that stands under the key afterwards: this one, or an earlier one.</returns>
    Task<StoredImport> AddAsync(
        Guid practiceId, SessionImport import, ClinicalSession session, IReadOnlyList<TranscriptSegment> segments, CancellationToken cancellationToken);
}

/// <summary>An import as its sender names it.</summary>
/// <param name="BodyHash">What was sent, so that another body under the same key is told from a repetition.</param>
internal sealed record SessionImport(Guid UserId, string IdempotencyKey, string BodyHash, DateTimeOffset ImportedAt, AuditEntry Audit);

/// <param name="Added"><see langword="false"/> when the session was there before.</param>
internal sealed record StoredImport(bool Added, string BodyHash, Guid SessionId);
