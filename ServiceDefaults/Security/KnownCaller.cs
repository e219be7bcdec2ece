using System.Security.Claims;

namespace AiPlatform.ServiceDefaults.Security;

/// <summary>Who calls, as a request's features and its user.</summary>
public sealed record KnownCaller(AuthenticatedUser User, ClaimsPrincipal Principal);

/// <param name="Token">What still has to hold each time.</param>
internal sealed record RecalledCaller(VerifiedToken Token, KnownCaller Caller);
