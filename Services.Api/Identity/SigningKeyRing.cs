using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Api.Identity;

/// <summary>The keys of the table, remembered for a minute. The first caller of an empty table makes the first key.</summary>
internal sealed class SigningKeyRing(ISigningKeyStore store, IOptions<IdentityOptions> options, TimeProvider timeProvider) : IDisposable
{
    public static readonly TimeSpan MemoryTime = TimeSpan.FromMinutes(1);

    // An unknown kid asks the table again, but strangers' tokens must not make that a query each.
    private static readonly TimeSpan UnknownKidTime = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _loading = new(1, 1);
    private volatile Snapshot? _snapshot;

    public async ValueTask<SigningKeyPair> GetActiveAsync(CancellationToken cancellationToken) =>
        (await ReadAsync(MemoryTime, cancellationToken)).First(key => key.Active);

    public ValueTask<IReadOnlyList<SigningKeyPair>> ReadAsync(CancellationToken cancellationToken) => ReadAsync(MemoryTime, cancellationToken);

    public async ValueTask<SigningKeyPair?> FindAsync(string kid, CancellationToken cancellationToken) =>
        Find(await ReadAsync(MemoryTime, cancellationToken), kid) ?? Find(await ReadAsync(UnknownKidTime, cancellationToken), kid);

    /// <summary>Replaces the active key when it is older than it may get; the old one verifies until its tokens have died.</summary>
    public async Task<bool> RotateIfDueAsync(CancellationToken cancellationToken)
    {
        var active = await GetActiveAsync(cancellationToken);
        var now = timeProvider.GetUtcNow();
        if (now - active.CreatedAt < TimeSpan.FromDays(options.Value.SigningKeyDays))
        {
            return false;
        }

        var rotated = await store.TryRotateAsync(active.Kid, now + options.Value.RetiredKeyLifetime, SigningKeyPair.Create(now), cancellationToken);
        _snapshot = null;
        return rotated;
    }

    public void Dispose() => _loading.Dispose();

    private static SigningKeyPair? Find(IReadOnlyList<SigningKeyPair> keys, string kid) => keys.FirstOrDefault(key => key.Kid == kid);

    private async ValueTask<IReadOnlyList<SigningKeyPair>> ReadAsync(TimeSpan maxAge, CancellationToken cancellationToken)
    {
        if (_snapshot is { } snapshot && IsFresh(snapshot, maxAge))
        {
            return snapshot.Keys;
        }

        await _loading.WaitAsync(cancellationToken);
        try
        {
            if (_snapshot is { } loaded && IsFresh(loaded, maxAge))
            {
                return loaded.Keys;
            }

            var keys = await LoadAsync(cancellationToken);
            _snapshot = new(keys, timeProvider.GetTimestamp());
            return keys;
        }
        finally
        {
            _loading.Release();
        }
    }

    private async Task<IReadOnlyList<SigningKeyPair>> LoadAsync(CancellationToken cancellationToken)
    {
        var now = timeProvider.GetUtcNow();
        var keys = await store.ReadAsync(now, cancellationToken);
        if (keys.Any(key => key.Active))
        {
            return keys;
        }

        // Another replica may win this race; either way the table holds the one active key afterwards.
        await store.TryAddAsync(SigningKeyPair.Create(now), cancellationToken);
        return await store.ReadAsync(now, cancellationToken);
    }

    private bool IsFresh(Snapshot snapshot, TimeSpan maxAge) => timeProvider.GetElapsedTime(snapshot.LoadedAt) < maxAge;

    private sealed record Snapshot(IReadOnlyList<SigningKeyPair> Keys, long LoadedAt);
}
