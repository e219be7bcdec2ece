using AiPlatform.ServiceDefaults.Writes;
using AiPlatform.Services.Api.Audit;

namespace AiPlatform.Services.Api.ClinicalSessions.Retention;

internal interface IRetentionStore
{
    Task<RetentionSetting> FindAsync(Guid practiceId, CancellationToken cancellationToken);

    /// <summary>Changes the setting while nobody else can, with its audit event, in one transaction.</summary>
    /// <exception cref="ServiceDefaults.Errors.DomainException">It has moved on since it was read.</exception>
    Task<RetentionSetting> ChangeAsync(
        Guid practiceId, IfMatch expected, string transcripts, AuditEntry audited, CancellationToken cancellationToken);

    /// <returns>The practices that do not keep their transcripts, and what they chose.</returns>
    Task<IReadOnlyList<PracticeRetention>> FindLimitedAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Erases the oldest transcripts that were stored up to a time, with everything that was made from them, in one transaction: segments, search
    /// words and embeddings. The sessions stay, and say so. Leaves out what another replica is at, and does nothing when the practice has
    /// chosen otherwise meanwhile.
    /// </summary>
    /// <param name="audited">The audit event of a session's transcript.</param>
    /// <returns>The sessions whose transcripts are gone now.</returns>
    Task<IReadOnlyList<Guid>> EraseAsync(
        PracticeRetention retention, DateTimeOffset storedUpTo, DateTimeOffset now, int limit, Func<Guid, AuditEntry> audited,
        CancellationToken cancellationToken);
}

internal sealed record PracticeRetention(Guid PracticeId, string Transcripts);
