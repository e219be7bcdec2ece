using AiPlatform.ServiceDefaults.Writes;
using AiPlatform.Services.Api.Audit;
using AiPlatform.Services.Api.Http;

namespace AiPlatform.Services.Api.Clients.Care;

/// <summary>A change and its audit event are stored in one transaction, and changes of one client's relations one after the other.</summary>
internal interface ICareRelationStore
{
    Task<CareRelation?> FindAsync(Guid practiceId, ClientScope scope, Guid id, CancellationToken cancellationToken);

    /// <summary>The latest start first.</summary>
    Task<IReadOnlyList<CareRelation>> ListAsync(Guid practiceId, Guid clientId, CareFilter filter, CancellationToken cancellationToken);

    /// <returns>The id of the relation of this key, and whether this call made it.</returns>
    /// <exception cref="ServiceDefaults.Errors.DomainException">It meets another of the same pair, or is main for somebody who is not.</exception>
    Task<(Guid Id, bool Created)> AddAsync(
        Guid practiceId, WriteKey key, CareRelation relation, DateOnly today, AuditEntry audited, CancellationToken cancellationToken);

    /// <param name="change">May refuse, and may run again.</param>
    /// <inheritdoc cref="AddAsync"/>
    Task<CareRelation> ChangeAsync(
        Guid practiceId, CareRelation known, Func<CareRelation, CareRelation> change, DateOnly today, AuditEntry audited, CancellationToken cancellationToken);
}

/// <param name="Status">Null for every one.</param>
internal sealed record CareFilter(string? Status, DateOnly Today, TimeCursor? After, int Limit);
