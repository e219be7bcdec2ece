using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.ServiceDefaults.Security;

namespace AiPlatform.Services.Chat.Keys.Authentication;

/// <summary>
/// Keys in use, by the hash of their secret: a call finds its key in memory. What is here is read anew after a minute, and dropped as soon as
/// <see cref="KeyChanges"/> hears of a newer version. Secrets that open nothing are remembered too, and looked up so many a second.
/// </summary>
internal sealed class KnownKeys(IKeyStore store, LookupBudget budget, TimeProvider timeProvider)
{
    public static readonly TimeSpan Kept = TimeSpan.FromSeconds(60);

    private const int Most = 10_000;

    private readonly ConcurrentDictionary<string, Known> _keys = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> _nobodys = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Lazy<Task<Known?>>> _lookups = new(StringComparer.Ordinal);

    // By the string itself, which Kestrel keeps for a connection whose requests send the same bytes.
    private readonly ConditionalWeakTable<string, string> _hashes = [];

    public bool IsEmpty => _keys.IsEmpty;

    /// <summary>The key of a header, "Bearer sk-aip-...", as long as it is known and need not be read anew.</summary>
    /// <returns>Null for one that has to be looked up. That is no refusal.</returns>
    public Known? Recall(string authorization)
    {
        if (!_hashes.TryGetValue(authorization, out var hash))
        {
            // Of a secret that nobody has, nothing is kept.
            if (KeySecret.HashOfGiven(BearerToken.Of(authorization) ?? "") is not { } made || !_keys.ContainsKey(made))
            {
                return null;
            }

            _hashes.AddOrUpdate(authorization, hash = made);
        }

        return _keys.TryGetValue(hash, out var known) && timeProvider.GetElapsedTime(known.ReadAt) < Kept && known.Key.Takes(hash, timeProvider.GetUtcNow()) ? known : null;
    }

    /// <returns>Null when no key has such a secret.</returns>
    /// <exception cref="DomainException">key.lookups_busy: too many unknown secrets were asked for.</exception>
    public async ValueTask<Known?> FindAsync(string hash, CancellationToken cancellationToken)
    {
        var isOld = false;
        if (_keys.TryGetValue(hash, out var known))
        {
            if (timeProvider.GetElapsedTime(known.ReadAt) < Kept)
            {
                return known;
            }

            isOld = true;
        }
        else if (_nobodys.TryGetValue(hash, out var askedAt) && timeProvider.GetElapsedTime(askedAt) < Kept)
        {
            return null;
        }

        // One lookup for all who come with it at the same moment; it belongs to none of them, so nobody's leaving ends it.
        var lookup = _lookups.GetOrAdd(hash, static (hash, self) => new(() => self.Known.ReadAsync(hash, self.IsOld)), (Known: this, IsOld: isOld));
        return await lookup.Value.WaitAsync(cancellationToken);
    }

    /// <summary>Drops a key unless it is this version or a later one.</summary>
    public void Drop(KeyVersion changed)
    {
        foreach (var (hash, known) in _keys)
        {
            if (known.Key.Id == changed.Id && known.Key.Version < changed.Version)
            {
                _keys.TryRemove(hash, out _);
            }
        }
    }

    public void DropAll() => _keys.Clear();

    private async Task<Known?> ReadAsync(string hash, bool isOld)
    {
        try
        {
            if (!isOld)
            {
                budget.Spend();
            }

            var readAt = timeProvider.GetTimestamp();
            var key = await store.FindBySecretAsync(hash, CancellationToken.None);

            if (key is null)
            {
                Room(_nobodys);
                _nobodys[hash] = readAt;
                _keys.TryRemove(hash, out _);
                return null;
            }

            if (!isOld)
            {
                budget.GiveBack();
            }

            Room(_keys);
            return _keys[hash] = new(key, readAt);
        }
        finally
        {
            _lookups.TryRemove(hash, out _);
        }
    }

    // Emptying all is crude and rare: those in use are back with their next call.
    private static void Room<T>(ConcurrentDictionary<string, T> kept)
    {
        if (kept.Count >= Most)
        {
            kept.Clear();
        }
    }
}
