using System.Collections.Concurrent;
using AiPlatform.ServiceDefaults.Security;

namespace AiPlatform.Services.Api.Identity;

/// <summary>The issuer verifies with the keys of its own table; everybody else asks for them over HTTP.</summary>
internal sealed class TableKeySource(SigningKeyRing ring) : ISigningKeySource
{
    // One entry for each key the table ever had while this process ran: a handful.
    private readonly ConcurrentDictionary<string, SigningKey> _keys = new(StringComparer.Ordinal);

    public async ValueTask<SigningKey?> FindAsync(string keyId, CancellationToken cancellationToken)
    {
        // Asked each time, so that a key that verifies no more is not believed for having been known once.
        var pair = await ring.FindAsync(keyId, cancellationToken);
        return pair is null ? null : _keys.GetOrAdd(keyId, static (_, found) => found.ToPublicKey(), pair);
    }
}
