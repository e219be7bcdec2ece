namespace AiPlatform.ServiceDefaults.Security;

/// <summary>Where public keys of the issuer come from: its JWKS over HTTP, or in Services.Api its own table.</summary>
public interface ISigningKeySource
{
    /// <returns>Null when no such key is known, also when the issuer cannot be asked: the token is then refused.</returns>
    ValueTask<SigningKey?> FindAsync(string keyId, CancellationToken cancellationToken);
}
