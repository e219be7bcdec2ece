using AiPlatform.ServiceDefaults.Security;

namespace AiPlatform.Tests.Common;

/// <summary>What a token says. Left alone it is a good one of a practitioner, for an hour, of a practice nobody else has.</summary>
public sealed record TestToken
{
    public UserRole Role { get; init; } = UserRole.Practitioner;

    public Guid PracticeId { get; init; } = Guid.CreateVersion7();

    public Guid UserId { get; init; } = Guid.CreateVersion7();

    public Guid? ProfileId { get; init; }

    public Guid? ClientId { get; init; }

    public string? CustomerId { get; init; }

    public Guid? RunId { get; init; }

    public DateTimeOffset? RunEnd { get; init; }

    /// <summary>Null means now.</summary>
    public DateTimeOffset? IssuedAt { get; init; }

    /// <summary>Null means from its issue.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>From its issue; negative for one that expired before.</summary>
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromHours(1);

    public string Issuer { get; init; } = TokenFactory.DefaultIssuer;

    public string Audience { get; init; } = TokenFactory.DefaultAudience;

    public string Algorithm { get; init; } = "ES256";

    public string Type { get; init; } = "JWT";

    /// <summary>Null means the factory's own.</summary>
    public string? KeyId { get; init; }

    /// <summary>Claims that replace the above as they are; null takes a claim away.</summary>
    public IReadOnlyDictionary<string, object?> Claims { get; init; } = new Dictionary<string, object?>();
}
