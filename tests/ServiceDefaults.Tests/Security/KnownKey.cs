using System.Security.Cryptography;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Tests.Common;

namespace AiPlatform.ServiceDefaults.Tests.Security;

/// <summary>The issuer's one key, without fetching it.</summary>
internal sealed class KnownKey(TokenFactory tokens) : ISigningKeySource
{
    private readonly SigningKey _key = SigningKey.FromEcdsa(tokens.KeyId, () => ECDsa.Create(tokens.Key.ExportParameters(includePrivateParameters: false)));

    public ValueTask<SigningKey?> FindAsync(string keyId, CancellationToken cancellationToken) =>
        ValueTask.FromResult(keyId == _key.KeyId ? _key : null);
}
