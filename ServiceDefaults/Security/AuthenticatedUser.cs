namespace AiPlatform.ServiceDefaults.Security;

/// <summary>The verified caller of a request with the token that said so, as a request feature. The token is for passing on, never for storing;
/// empty when there is nothing to pass on: the caller came with a key that is good at this service only.</summary>
public sealed record AuthenticatedUser(CurrentUser User, string Token, DateTimeOffset ExpiresAt);
