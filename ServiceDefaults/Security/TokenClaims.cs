namespace AiPlatform.ServiceDefaults.Security;

/// <summary>Claim names of the platform's tokens.</summary>
public static class TokenClaims
{
    public const string Subject = "sub";
    public const string Role = "role";
    public const string PracticeId = "practice_id";
    public const string ProfileId = "profile_id";
    public const string ClientId = "client_id";
    public const string CustomerId = "customer_id";

    /// <summary>On the access tokens of people: the sign-in that they come from (OpenID Connect's session id).</summary>
    public const string SignInId = "sid";

    /// <summary>On run tokens only: the run that the token was made for.</summary>
    public const string RunId = "run_id";

    /// <summary>On run tokens only: unix seconds past which no renewal reaches.</summary>
    public const string RunEnd = "run_end";
}
