using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Api.Identity;

/// <summary>What the practice's identity issues, and for how long.</summary>
internal sealed class IdentityOptions
{
    public const string SectionName = "Auth";

    [Range(1, 60)]
    public int AccessTokenMinutes { get; init; } = 15;

    [Range(1, 90)]
    public int RefreshTokenDays { get; init; } = 14;

    [Range(1, 60)]
    public int ServiceTokenMinutes { get; init; } = 10;

    [Range(1, 15)]
    public int RunTokenMinutes { get; init; } = 5;

    /// <summary>The longest a run may ask to be: its work plus the wait for an approval.</summary>
    [Range(1, 48)]
    public int RunHours { get; init; } = 25;

    /// <summary>Age at which the signing key is replaced.</summary>
    [Range(1, 3650)]
    public int SigningKeyDays { get; init; } = 90;

    /// <summary>Failed sign-ins for one address before it has to wait.</summary>
    [Range(1, 1000)]
    public int SignInAttempts { get; init; } = 10;

    [Range(1, 1440)]
    public int SignInWindowMinutes { get; init; } = 15;

    /// <summary>The platform's own services, which may ask for service and run tokens.</summary>
    [ValidateEnumeratedItems]
    public IReadOnlyList<ServiceCredential> Services { get; init; } = [];

    public TimeSpan AccessTokenLifetime => TimeSpan.FromMinutes(AccessTokenMinutes);

    public TimeSpan RefreshTokenLifetime => TimeSpan.FromDays(RefreshTokenDays);

    public TimeSpan ServiceTokenLifetime => TimeSpan.FromMinutes(ServiceTokenMinutes);

    public TimeSpan RunTokenLifetime => TimeSpan.FromMinutes(RunTokenMinutes);

    /// <summary>How long a retired key must still verify: the longest token, the time replicas sign from memory, and clock skew.</summary>
    public TimeSpan RetiredKeyLifetime =>
        TimeSpan.FromMinutes(Math.Max(AccessTokenMinutes, Math.Max(ServiceTokenMinutes, RunTokenMinutes)))
        + SigningKeyRing.MemoryTime + TimeSpan.FromMinutes(2);
}
