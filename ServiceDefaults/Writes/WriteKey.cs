using System.Security.Cryptography;
using System.Text;
using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.ServiceDefaults.Security;
using Microsoft.AspNetCore.Http;

namespace AiPlatform.ServiceDefaults.Writes;

/// <summary>What tells a repeated create from another one: whose key it is, and a hash of the route and the body it came with.</summary>
public sealed record WriteKey(Guid UserId, string Key, string RequestHash)
{
    public const string Header = "Idempotency-Key";
    public const string ReplayedHeader = "Idempotency-Replayed";
    private const int MaxLength = 200;

    /// <exception cref="DomainException">There is no key, or it is none.</exception>
    public static WriteKey Read(CurrentUser user, string? header, HttpRequest request, ReadOnlySpan<byte> body)
    {
        if (header is not { Length: > 0 and <= MaxLength } || !header.All(character => character is > ' ' and <= '~'))
        {
            throw new DomainException(
                DomainErrorKind.Invalid, "idempotency.key_required", $"An Idempotency-Key of 1 to {MaxLength} visible ASCII characters is needed.");
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{request.Method} {request.Path.Value?.ToLowerInvariant()}\n"));
        hash.AppendData(body);
        return new(user.UserId, header, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }
}
