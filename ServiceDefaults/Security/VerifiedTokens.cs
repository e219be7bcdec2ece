using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace AiPlatform.ServiceDefaults.Security;

/// <summary>
/// Tokens whose signature held within the last minute, by their hash: a caller sends the same token with every request, and verifying it costs more
/// than all else of a small one. What is here still needs a key that is published and an expiry that has not come.
/// </summary>
internal sealed class VerifiedTokens(TimeProvider timeProvider)
{
    public static readonly TimeSpan Kept = TimeSpan.FromSeconds(60);

    // A full generation is put behind the next one early.
    private const int Most = 5_000;

    private readonly Lock _gate = new();
    private volatile Generations _generations = new(new(), new(), timeProvider.GetTimestamp());

    public VerifiedToken? Find(string hash)
    {
        var (young, old, _) = _generations;
        return (young.TryGetValue(hash, out var found) || old.TryGetValue(hash, out found)) && IsFresh(found) ? found : null;
    }

    public bool IsFresh(VerifiedToken token) => timeProvider.GetElapsedTime(token.VerifiedAt) < Kept;

    public void Add(string hash, SigningKey key, TokenVerification verification)
    {
        if (IsDue(_generations))
        {
            lock (_gate)
            {
                if (IsDue(_generations))
                {
                    _generations = new(new(), _generations.Young, timeProvider.GetTimestamp());
                }
            }
        }

        _generations.Young[hash] = new(key, verification, timeProvider.GetTimestamp());
    }

    /// <summary>What a token is known by here; the token itself is kept nowhere.</summary>
    public static string HashOf(string token) => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    private bool IsDue(Generations generations) =>
        generations.Young.Count >= Most || timeProvider.GetElapsedTime(generations.BegunAt) >= Kept;

    private sealed record Generations(
        ConcurrentDictionary<string, VerifiedToken> Young, ConcurrentDictionary<string, VerifiedToken> Old, long BegunAt);
}

/// <param name="Key">What the signature held with.</param>
internal sealed record VerifiedToken(SigningKey Key, TokenVerification Verification, long VerifiedAt);
