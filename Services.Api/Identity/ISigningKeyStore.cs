namespace AiPlatform.Services.Api.Identity;

internal interface ISigningKeyStore
{
    /// <returns>The active key and the retired ones that still verify.</returns>
    Task<IReadOnlyList<SigningKeyPair>> ReadAsync(DateTimeOffset now, CancellationToken cancellationToken);

    /// <returns><see langword="false"/> when another replica has made the active key meanwhile.</returns>
    Task<bool> TryAddAsync(SigningKeyPair key, CancellationToken cancellationToken);

    /// <summary>Puts <paramref name="next"/> in place of the active key <paramref name="kid"/>, which verifies until the given time.</summary>
    /// <returns><see langword="false"/> when that key is not the active one any more.</returns>
    Task<bool> TryRotateAsync(string kid, DateTimeOffset verifiesUntil, SigningKeyPair next, CancellationToken cancellationToken);
}
