namespace AiPlatform.Services.Api.Identity;

internal sealed record IssuedToken(string Value, long LifetimeSeconds);
