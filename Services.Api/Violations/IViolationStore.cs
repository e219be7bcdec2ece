using AiPlatform.ServiceDefaults.Writes;
using AiPlatform.Services.Api.Audit;
using AiPlatform.Services.Api.Http;

namespace AiPlatform.Services.Api.Violations;

internal interface IViolationStore
{
    /// <summary>Stores the record and its audit event in one transaction.</summary>
    /// <returns>The id of the record of this key, and whether this call made it.</returns>
    Task<(Guid Id, bool Created)> AddAsync(
        Guid practiceId, WriteKey key, Violation violation, AuditEntry audited, CancellationToken cancellationToken);

    Task<Violation?> FindAsync(Guid practiceId, Guid id, CancellationToken cancellationToken);

    /// <summary>At most <paramref name="limit"/> records, newest first, from the cursor's place on.</summary>
    /// <param name="profileId">Null for every one.</param>
    Task<IReadOnlyList<ViolationHead>> ListAsync(
        Guid practiceId, Guid? profileId, TimeCursor? after, int limit, CancellationToken cancellationToken);
}
