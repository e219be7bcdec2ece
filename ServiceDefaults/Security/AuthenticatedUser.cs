namespace AiPlatform.ServiceDefaults.Security;

/// <summary>The verified caller of a request with the token that said so, as a request feature. The token is for passing on, never for storing.</summary>
public sealed record AuthenticatedUser(CurrentUser User, string Token, DateTimeOffset ExpiresAt);
