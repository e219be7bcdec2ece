using System.Security.Claims;
using AiPlatform.ServiceDefaults.Security;

namespace AiPlatform.Services.Chat.Keys.Authentication;

/// <summary>A key as it was read, with what a request gets of it, made once.</summary>
internal sealed class Known(VirtualKey key, long readAt)
{
    public VirtualKey Key { get; } = key;

    public long ReadAt { get; } = readAt;

    public ClaimsPrincipal Principal { get; } = new(new ClaimsIdentity(
        [
            new(TokenClaims.Subject, $"{key.UserId}"),
            new(TokenClaims.PracticeId, $"{key.PracticeId}"),
            new(TokenClaims.Role, key.Role.ToString().ToLowerInvariant()),
        ],
        KeyAuthenticationHandler.SchemeName, TokenClaims.Subject, TokenClaims.Role));

    /// <summary>Without a token: a key is good at the gateway and nowhere else, so there is nothing to pass on.</summary>
    public AuthenticatedUser User { get; } = new(
        new(key.UserId, key.Role, key.PracticeId, ProfileId: null, ClientId: null, CustomerId: null), Token: "", key.ExpiresAt ?? DateTimeOffset.MaxValue);
}
