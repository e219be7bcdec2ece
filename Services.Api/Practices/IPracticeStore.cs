using AiPlatform.ServiceDefaults.Writes;
using AiPlatform.Services.Api.Audit;

namespace AiPlatform.Services.Api.Practices;

/// <summary>A change and its audit event are stored in one transaction.</summary>
internal interface IPracticeStore
{
    Task<Practice?> FindAsync(Guid practiceId, CancellationToken cancellationToken);

    /// <summary>Changes the practice with its contacts and locations while nobody else can; <paramref name="change"/> may refuse, and may run again.</summary>
    /// <returns>Null when there is no such practice.</returns>
    Task<Practice?> ChangeAsync(Guid practiceId, Func<Practice, Practice> change, AuditEntry audited, CancellationToken cancellationToken);

    /// <summary>Adds a location once for each key.</summary>
    /// <returns>The id of the location of this key, and whether this call made it.</returns>
    Task<(Guid Id, bool Created)> AddLocationAsync(
        Guid practiceId, WriteKey key, Guid id, Func<Practice, Practice> change, AuditEntry audited, CancellationToken cancellationToken);
}
