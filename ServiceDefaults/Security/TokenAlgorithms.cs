namespace AiPlatform.ServiceDefaults.Security;

/// <summary>JWS algorithm names (RFC 7518) that the platform knows.</summary>
public static class TokenAlgorithms
{
    public const string Es256 = "ES256";
    public const string Rs256 = "RS256";
}
