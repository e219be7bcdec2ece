using System.Security.Cryptography;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Chat.Models.Calls;
using AiPlatform.Services.Chat.Models.Catalogue;

namespace AiPlatform.Services.Chat.Keys;

/// <summary>What a program calls the gateway with: it acts for the user who made it, within its own scopes, models and limits.</summary>
internal sealed record VirtualKey
{
    public required Guid Id { get; init; }

    public required Guid PracticeId { get; init; }

    public required Guid UserId { get; init; }

    /// <summary>What the user was when they made the key.</summary>
    public required UserRole Role { get; init; }

    public required string Name { get; init; }

    /// <summary>The beginning of the secret, to tell keys apart by.</summary>
    public required string Hint { get; init; }

    public required string SecretHash { get; init; }

    /// <summary>Of the secret before the last rotation, which holds until <see cref="PreviousUntil"/>.</summary>
    public string? PreviousHash { get; init; }

    public DateTimeOffset? PreviousUntil { get; init; }

    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>Names of model groups; null for all there are.</summary>
    public IReadOnlyList<string>? Models { get; init; }

    public CallerLimits Limits { get; init; } = CallerLimits.None;

    public DateTimeOffset? ExpiresAt { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? RotatedAt { get; init; }

    public DateTimeOffset? RevokedAt { get; init; }

    public int Version { get; init; } = 1;

    /// <summary>Whether the secret of this hash opens anything at this time.</summary>
    public bool Takes(string hash, DateTimeOffset now) =>
        RevokedAt is null
        && !(ExpiresAt <= now)
        && (IsSame(SecretHash, hash) || (PreviousHash is { } previous && PreviousUntil > now && IsSame(previous, hash)));

    public bool MayUse(ModelGroup group) => Models is null || Models.Contains(group.Name, StringComparer.OrdinalIgnoreCase);

    private static bool IsSame(string known, string given) => CryptographicOperations.FixedTimeEquals(Convert.FromHexString(known), Convert.FromHexString(given));
}
