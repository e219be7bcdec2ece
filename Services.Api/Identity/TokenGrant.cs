namespace AiPlatform.Services.Api.Identity;

/// <summary>A token, or the OAuth error that says why there is none.</summary>
internal sealed record TokenGrant(IssuedToken? Token, string? IssuedTokenType, string? Error, string? ErrorDescription)
{
    public static TokenGrant Give(IssuedToken token, string? issuedTokenType) => new(token, issuedTokenType, null, null);

    public static TokenGrant Refuse(string error, string description) => new(null, null, error, description);
}
