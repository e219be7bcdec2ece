using AiPlatform.ServiceDefaults.Writes;
using AiPlatform.Services.Api.Audit;
using AiPlatform.Services.Api.Http;

namespace AiPlatform.Services.Api.Consents;

internal interface IConsentStore
{
    /// <summary>
    /// Adds to the history and settles what holds now, with its audit event, in one transaction. What was said last holds, whenever it is
    /// written down; of two that were said at one time the one written down later.
    /// </summary>
    /// <returns>The entry of this key, and whether this call made it.</returns>
    Task<(ConsentEntry Entry, bool Created)> AddAsync(
        Guid practiceId, WriteKey key, ConsentEntry entry, AuditEntry audited, CancellationToken cancellationToken);

    /// <summary>At most <paramref name="limit"/> entries, newest first by when they were said, from the cursor's place on.</summary>
    /// <returns>They, and what holds for recording.</returns>
    Task<(IReadOnlyList<ConsentEntry> Entries, string Recording)> ListAsync(
        Guid practiceId, Guid clientId, TimeCursor? after, int limit, CancellationToken cancellationToken);
}
