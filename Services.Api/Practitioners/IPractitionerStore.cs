using AiPlatform.ServiceDefaults.Writes;
using AiPlatform.Services.Api.Audit;
using AiPlatform.Services.Api.Http;

namespace AiPlatform.Services.Api.Practitioners;

/// <summary>A change and its audit event are stored in one transaction.</summary>
internal interface IPractitionerStore
{
    /// <summary>Practitioners by name, from the cursor's place on.</summary>
    Task<IReadOnlyList<Practitioner>> ListAsync(Guid practiceId, PractitionerFilter filter, CancellationToken cancellationToken);

    Task<Practitioner?> FindAsync(Guid practiceId, Guid id, CancellationToken cancellationToken);

    /// <returns>The names of those of the ids that are practitioners of the practice.</returns>
    Task<IReadOnlyDictionary<Guid, string>> FindNamesAsync(
        Guid practiceId, IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken);

    /// <returns>How many treat now, and how many do not any more.</returns>
    Task<(int Active, int Inactive)> CountAsync(Guid practiceId, CancellationToken cancellationToken);

    /// <returns>The id of the practitioner of this key, and whether this call made them.</returns>
    Task<(Guid Id, bool Created)> AddAsync(
        Guid practiceId, WriteKey key, Practitioner practitioner, AuditEntry audited, CancellationToken cancellationToken);

    /// <summary>Changes the practitioner while nobody else can; <paramref name="change"/> may refuse, and may run again.</summary>
    /// <returns>Null when there is no such practitioner.</returns>
    Task<Practitioner?> ChangeAsync(
        Guid practiceId, Guid id, Func<Practitioner, Practitioner> change, AuditEntry audited, CancellationToken cancellationToken);
}

/// <param name="Active">Null for both, those who treat now and those who do not any more.</param>
/// <param name="Ids">Null for everybody; an empty list matches nobody.</param>
internal sealed record PractitionerFilter(bool? Active, IReadOnlyCollection<Guid>? Ids, bool Descending, NameCursor? After, int Limit);
