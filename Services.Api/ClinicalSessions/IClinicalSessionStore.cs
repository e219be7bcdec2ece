using AiPlatform.ServiceDefaults.Writes;
using AiPlatform.Services.Api.Audit;
using AiPlatform.Services.Api.Clients;
using AiPlatform.Services.Api.Http;

namespace AiPlatform.Services.Api.ClinicalSessions;

internal interface IClinicalSessionStore
{
    /// <returns>Null when there is no such session, or its client lies outside the scope.</returns>
    Task<ClinicalSession?> FindAsync(Guid practiceId, ClientScope scope, Guid id, CancellationToken cancellationToken);

    /// <inheritdoc cref="FindAsync"/>
    Task<NamedSession?> FindNamedAsync(Guid practiceId, ClientScope scope, Guid id, CancellationToken cancellationToken);

    /// <returns>Those of the ids that are sessions within the scope, in the order of the ids.</returns>
    Task<IReadOnlyList<ClinicalSession>> FindAllAsync(
        Guid practiceId, ClientScope scope, IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken);

    /// <returns>The newest matching sessions, and how many match.</returns>
    Task<(IReadOnlyList<NamedSession> Sessions, int Total)> SearchAsync(
        Guid practiceId, SessionFilter filter, CancellationToken cancellationToken);

    /// <returns>Matching sessions by their time, newest or oldest first, from the cursor's place on; they are not counted.</returns>
    Task<IReadOnlyList<NamedSession>> ListAsync(
        Guid practiceId, SessionFilter filter, TimeCursor? after, bool oldestFirst, CancellationToken cancellationToken);

    /// <returns>For each client that has sessions that were held: how many, and when the last began.</returns>
    Task<IReadOnlyDictionary<Guid, SessionCount>> CountAsync(
        Guid practiceId, IReadOnlyCollection<Guid> clientIds, CancellationToken cancellationToken);

    /// <summary>Adds a session without a transcript.</summary>
    /// <returns>The id of the session of this key, and whether this call made it.</returns>
    Task<(Guid Id, bool Created)> CreateAsync(
        Guid practiceId, WriteKey key, ClinicalSession session, AuditEntry audited, CancellationToken cancellationToken);

    /// <summary>Changes the session while nobody else can; <paramref name="change"/> may refuse, and may run again.</summary>
    /// <returns>Null when there is no such session within the scope.</returns>
    Task<ClinicalSession?> ChangeAsync(
        Guid practiceId, ClientScope scope, Guid id, Func<ClinicalSession, ClinicalSession> change, AuditEntry audited,
        CancellationToken cancellationToken);
}
