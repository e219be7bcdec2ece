using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Api.Identity;

/// <summary>The platform's own services and their secrets.</summary>
internal sealed class ServiceCredentials(IOptions<IdentityOptions> options)
{
    // Compared with when the id is unknown, so that the answer takes as long.
    private static readonly byte[] UnknownSecret = RandomNumberGenerator.GetBytes(32);

    private readonly Dictionary<string, byte[]> _secretHashes =
        options.Value.Services.ToDictionary(service => service.Id, service => Hash(service.Secret), StringComparer.Ordinal);

    /// <returns>The service's own user id; null when id and secret do not belong together.</returns>
    public Guid? Authenticate(string? id, string? secret)
    {
        var known = _secretHashes.TryGetValue(id ?? "", out var expected);
        var same = CryptographicOperations.FixedTimeEquals(Hash(secret ?? ""), expected ?? UnknownSecret);
        return known && same ? new Guid(Hash($"service:{id}").AsSpan(0, 16)) : null;
    }

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
