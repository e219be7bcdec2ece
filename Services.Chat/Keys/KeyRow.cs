using System.Text.Json;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Chat.Models.Calls;

namespace AiPlatform.Services.Chat.Keys;

/// <summary>A key as its table has it.</summary>
internal sealed record KeyRow
{
    public const string Columns = """
        id as Id, practice_id as PracticeId, user_id as UserId, role as Role, name as Name, hint as Hint, secret_hash as SecretHash, previous_hash as PreviousHash,
        previous_until as PreviousUntil, scopes as Scopes, models as Models, requests_per_minute as RequestsPerMinute, tokens_per_minute as TokensPerMinute,
        concurrency as Concurrency, expires_at as ExpiresAt, created_at as CreatedAt, rotated_at as RotatedAt, revoked_at as RevokedAt, version as Version
        """;

    public Guid Id { get; init; }

    public Guid PracticeId { get; init; }

    public Guid UserId { get; init; }

    public string Role { get; init; } = "";

    public string Name { get; init; } = "";

    public string Hint { get; init; } = "";

    public string SecretHash { get; init; } = "";

    public string? PreviousHash { get; init; }

    public DateTimeOffset? PreviousUntil { get; init; }

    public string Scopes { get; init; } = "";

    public string? Models { get; init; }

    public int? RequestsPerMinute { get; init; }

    public int? TokensPerMinute { get; init; }

    public int? Concurrency { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? RotatedAt { get; init; }

    public DateTimeOffset? RevokedAt { get; init; }

    public int Version { get; init; }

    public static KeyRow From(Guid practiceId, VirtualKey key) => new()
    {
        Id = key.Id,
        PracticeId = practiceId,
        UserId = key.UserId,
        Role = key.Role.ToString(),
        Name = key.Name,
        Hint = key.Hint,
        SecretHash = key.SecretHash,
        PreviousHash = key.PreviousHash,
        PreviousUntil = key.PreviousUntil,
        Scopes = string.Join(' ', key.Scopes),
        Models = key.Models is null ? null : JsonSerializer.Serialize(key.Models),
        RequestsPerMinute = key.Limits.RequestsPerMinute,
        TokensPerMinute = key.Limits.TokensPerMinute,
        Concurrency = key.Limits.Concurrency,
        ExpiresAt = key.ExpiresAt,
        CreatedAt = key.CreatedAt,
        RotatedAt = key.RotatedAt,
        RevokedAt = key.RevokedAt,
        Version = key.Version,
    };

    public VirtualKey ToKey() => new()
    {
        Id = Id,
        PracticeId = PracticeId,
        UserId = UserId,
        Role = Enum.Parse<UserRole>(Role),
        Name = Name,
        Hint = Hint,
        SecretHash = SecretHash,
        PreviousHash = PreviousHash,
        PreviousUntil = PreviousUntil,
        Scopes = Scopes.Split(' '),
        Models = Models is null ? null : JsonSerializer.Deserialize<List<string>>(Models),
        Limits = new CallerLimits(RequestsPerMinute, TokensPerMinute, Concurrency),
        ExpiresAt = ExpiresAt,
        CreatedAt = CreatedAt,
        RotatedAt = RotatedAt,
        RevokedAt = RevokedAt,
        Version = Version,
    };
}
