using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.ServiceDefaults.Writes;
using AiPlatform.Services.Chat.Audit;

namespace AiPlatform.Services.Chat.Keys;

internal interface IKeyStore
{
    /// <returns>Whether this call made it; otherwise the id of the one its twin made.</returns>
    /// <exception cref="DomainException">key.too_many</exception>
    Task<(Guid Id, bool Created)> AddAsync(Guid practiceId, WriteKey writeKey, VirtualKey key, AuditEvent audited, CancellationToken cancellationToken);

    Task<VirtualKey?> FindAsync(Guid practiceId, Guid id, CancellationToken cancellationToken);

    /// <summary>The newest first, revoked ones too.</summary>
    /// <param name="before">The last of the page before; null from the start.</param>
    Task<IReadOnlyList<VirtualKey>> ListAsync(Guid practiceId, Guid? before, int limit, CancellationToken cancellationToken);

    /// <summary>Changes a key under its lock.</summary>
    /// <param name="change">May run again from its start; what it throws leaves the key as it was, and so does returning what it was given.</param>
    /// <returns>Null when the practice has no such key.</returns>
    Task<VirtualKey?> ChangeAsync(Guid practiceId, Guid id, Func<VirtualKey, VirtualKey> change, AuditEvent audited, CancellationToken cancellationToken);

    /// <summary>The key that has, or had before its last rotation, the secret of this hash. The secret says whose it is, so no practice is asked for.</summary>
    Task<VirtualKey?> FindBySecretAsync(string hash, CancellationToken cancellationToken);

    /// <summary>Who made keys that can be used; of all practices, for the process itself.</summary>
    Task<IReadOnlyList<KeyMaker>> ListMakersAsync(DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>The keys of that maker that are not revoked.</summary>
    Task<IReadOnlyList<Guid>> ListOfMakerAsync(Guid practiceId, Guid userId, CancellationToken cancellationToken);

    /// <summary>What was changed of late, by the database's own clock and with time to spare, so that nobody's commit is missed who was slow.</summary>
    Task<IReadOnlyList<KeyVersion>> ListChangedAsync(TimeSpan within, CancellationToken cancellationToken);
}

internal sealed record KeyMaker(Guid PracticeId, Guid UserId);

internal sealed record KeyVersion(Guid Id, int Version);
