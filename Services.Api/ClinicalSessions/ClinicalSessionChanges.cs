using AiPlatform.Services.Api.Data;

namespace AiPlatform.Services.Api.ClinicalSessions;

/// <summary>That a session is planned, took place or was cancelled: no title, no transcript.</summary>
internal sealed record ChangedSession(
    Guid Id, Guid ClientId, Guid PractitionerId, DateTimeOffset StartedAt, int DurationSeconds, string Status, DateTimeOffset UpdatedAt);

/// <summary>The sessions of a practice by their last change.</summary>
internal sealed class ClinicalSessionChanges(ChangeReader reader)
{
    private static readonly ChangeSource Source = new(
        "clinical_sessions", "id, client_id, practitioner_id, started_at, duration_seconds, status, updated_at", ClientColumn: "client_id");

    public Task<IReadOnlyList<ChangedSession>> ListAsync(Guid practiceId, ChangeFilter filter, CancellationToken cancellationToken) =>
        reader.ListAsync<ChangedSession>(Source, practiceId, filter, cancellationToken);

    public Task<int> CountAsync(Guid practiceId, ChangeFilter filter, CancellationToken cancellationToken) =>
        reader.CountAsync(Source, practiceId, filter, cancellationToken);
}
