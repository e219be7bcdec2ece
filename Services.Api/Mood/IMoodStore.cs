using AiPlatform.ServiceDefaults.Writes;
using AiPlatform.Services.Api.Audit;
using AiPlatform.Services.Api.Http;

namespace AiPlatform.Services.Api.Mood;

internal interface IMoodStore
{
    /// <returns>The entry of this key, and whether this call made it.</returns>
    Task<(MoodEntry Entry, bool Created)> AddAsync(
        Guid practiceId, WriteKey key, MoodEntry entry, AuditEntry audited, CancellationToken cancellationToken);

    /// <summary>At most <paramref name="limit"/> entries since <paramref name="from"/>, newest first, from the cursor's place on, and the figures of all.</summary>
    Task<(IReadOnlyList<MoodEntry> Entries, MoodFigures Figures)> ReadAsync(
        Guid practiceId, Guid clientId, DateTimeOffset from, TimeCursor? after, int limit, CancellationToken cancellationToken);

    /// <returns>For each client who said how they were: when they last did.</returns>
    Task<IReadOnlyDictionary<Guid, DateTimeOffset>> FindLastAsync(
        Guid practiceId, IReadOnlyCollection<Guid> clientIds, CancellationToken cancellationToken);
}
