using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Security.Claims;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace AiPlatform.ServiceDefaults.Security;

/// <summary>
/// Verifies a JWT in JWS compact form (RFC 7515, 7519), strictly: one algorithm, a known key, issuer, audience, expiry. Work is
/// bounded: a token over the limit is refused unread, and nothing of the payload is believed before the signature holds. A signature that held is
/// believed for a minute, as long as its key is published and the token has not expired.
/// </summary>
public sealed class TokenVerifier(ISigningKeySource keys, IOptions<AuthOptions> options, TimeProvider timeProvider)
{
    private const int MaxLength = 8 * 1024;
    private const int MaxKeyIdLength = 128;
    private const string ClaimType = "JWT";

    // A repeated member means whoever reads first and whoever reads last disagree about the token.
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 8 };

    private static readonly string[] TextClaims =
    [
        TokenClaims.Subject, TokenClaims.Role, TokenClaims.PracticeId, TokenClaims.ProfileId, TokenClaims.ClientId, TokenClaims.CustomerId, TokenClaims.RunId,
    ];

    private readonly VerifiedTokens _verified = new(timeProvider);

    // By the string itself, which Kestrel keeps for a connection whose requests send the same bytes, and for no longer than it does.
    private readonly ConditionalWeakTable<string, RecalledCaller> _recalled = [];

    /// <summary>The caller of a token that was verified within the last minute: no waiting, and nothing of the token is read again.</summary>
    /// <param name="authorization">The header as it came: "Bearer eyJ...".</param>
    /// <returns>Null for who has to be verified. That is no refusal.</returns>
    public KnownCaller? Recall(string authorization)
    {
        if (!_recalled.TryGetValue(authorization, out var recalled) || !_verified.IsFresh(recalled.Token))
        {
            if (BearerToken.Of(authorization) is not { Length: > 0 and <= MaxLength } token || _verified.Find(VerifiedTokens.HashOf(token)) is not { } found)
            {
                return null;
            }

            var (principal, user, expiresAt, _) = found.Verification;
            _recalled.AddOrUpdate(authorization, recalled = new(found, new(new(user!, token, expiresAt), principal!)));
        }

        var published = keys.FindAsync(recalled.Token.Key.KeyId, CancellationToken.None);
        return published.IsCompletedSuccessfully && published.Result == recalled.Token.Key && !HasExpired(recalled.Token.Verification.ExpiresAt) ? recalled.Caller : null;
    }

    public async Task<TokenVerification> VerifyAsync(string token, CancellationToken cancellationToken)
    {
        if (token.Length > MaxLength)
        {
            return TokenVerification.Refused("too long");
        }

        var hash = VerifiedTokens.HashOf(token);
        if (_verified.Find(hash) is { } known
            && !HasExpired(known.Verification.ExpiresAt)
            && await keys.FindAsync(known.Key.KeyId, cancellationToken) == known.Key)
        {
            return known.Verification;
        }

        var parts = token.Split('.', 4);
        if (parts.Length != 3 || Decode(parts[0]) is not { } header || Decode(parts[1]) is not { } payload || Decode(parts[2]) is not { } signature)
        {
            return TokenVerification.Refused("malformed");
        }

        if (ReadKeyId(header) is not { } keyId)
        {
            return TokenVerification.Refused("header not accepted");
        }

        if (await keys.FindAsync(keyId, cancellationToken) is not { } key)
        {
            return TokenVerification.Refused("unknown key");
        }

        if (key.Algorithm != options.Value.Algorithm
            || !key.Verify(Encoding.ASCII.GetBytes(token, 0, parts[0].Length + 1 + parts[1].Length), signature))
        {
            return TokenVerification.Refused("signature does not hold");
        }

        var verification = ReadPayload(payload);
        if (verification.User is not null)
        {
            _verified.Add(hash, key, verification);
        }

        return verification;
    }

    private bool HasExpired(DateTimeOffset expiresAt) =>
        timeProvider.GetUtcNow() - TimeSpan.FromSeconds(options.Value.ClockSkewSeconds) >= expiresAt;

    // Canonical base64url only: another spelling of the same bytes would be another token with the same signature.
    private static byte[]? Decode(string part)
    {
        try
        {
            var bytes = Base64Url.DecodeFromChars(part);
            return Base64Url.EncodeToString(bytes) == part ? bytes : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static JsonDocument? Parse(byte[] json)
    {
        JsonDocument? document = null;
        try
        {
            document = JsonDocument.Parse(json, Strict);
            ReadThrough(document.RootElement);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return document;
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Refused below.
        }

        document?.Dispose();
        return null;
    }

    // Text that is no Unicode ("\ud800", or bytes that are not UTF-8) parses, and throws InvalidOperationException when it is read.
    private static void ReadThrough(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                element.GetString();
                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                {
                    ReadThrough(item);
                }

                break;
            case JsonValueKind.Object:
                foreach (var member in element.EnumerateObject())
                {
                    _ = member.Name;
                    ReadThrough(member.Value);
                }

                break;
        }
    }

    // {"alg":"ES256","typ":"JWT","kid":"..."}
    private string? ReadKeyId(byte[] json)
    {
        using var document = Parse(json);
        if (document is null)
        {
            return null;
        }

        var header = document.RootElement;
        return Text(header, "alg") == options.Value.Algorithm
            && (!header.TryGetProperty("typ", out _) || Text(header, "typ") is ClaimType or "at+jwt")
            && !header.TryGetProperty("crit", out _)
            && Text(header, "kid") is { Length: > 0 and <= MaxKeyIdLength } keyId
                ? keyId
                : null;
    }

    private TokenVerification ReadPayload(byte[] json)
    {
        using var document = Parse(json);
        if (document is null)
        {
            return TokenVerification.Refused("malformed");
        }

        var payload = document.RootElement;
        if (Text(payload, "iss") != options.Value.Issuer || !HasAudience(payload))
        {
            return TokenVerification.Refused("issuer or audience is another");
        }

        if (Time(payload, "exp") is not { } expiresAt)
        {
            return TokenVerification.Refused("no expiry");
        }

        if (HasExpired(expiresAt))
        {
            return TokenVerification.Refused("expired");
        }

        var latestNow = timeProvider.GetUtcNow() + TimeSpan.FromSeconds(options.Value.ClockSkewSeconds);
        if (payload.TryGetProperty("nbf", out _) && (Time(payload, "nbf") is not { } notBefore || latestNow < notBefore))
        {
            return TokenVerification.Refused("not valid yet");
        }

        var claims = payload.EnumerateObject()
            .Where(member => member.Value.ValueKind is JsonValueKind.String or JsonValueKind.Number)
            .Select(member => new Claim(member.Name, member.Value.ToString()));
        var principal = new ClaimsPrincipal(new ClaimsIdentity(claims, ClaimType, TokenClaims.Subject, TokenClaims.Role));
        return TextClaims.All(name => IsTextOrAbsent(payload, name)) && !payload.EnumerateObject().Any(IsMisspelt) && CurrentUser.From(principal) is { } user
            ? new(principal, user, expiresAt, null)
            : TokenVerification.Refused("no platform user in it");
    }

    private bool HasAudience(JsonElement payload) => payload.TryGetProperty("aud", out var audience) && audience.ValueKind switch
    {
        JsonValueKind.String => audience.GetString() == options.Value.Audience,
        JsonValueKind.Array => audience.EnumerateArray().Any(one => one.ValueKind == JsonValueKind.String && one.GetString() == options.Value.Audience),
        _ => false,
    };

    private static bool IsTextOrAbsent(JsonElement payload, string name) =>
        !payload.TryGetProperty(name, out var value) || value.ValueKind is JsonValueKind.String or JsonValueKind.Null;

    // "Role" beside "role": claims are looked up by name without regard to case, so it would be a second role.
    private static bool IsMisspelt(JsonProperty member) =>
        TextClaims.Any(name => name.Equals(member.Name, StringComparison.OrdinalIgnoreCase) && name != member.Name);

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    // Seconds since 1970; RFC 7519 allows a fraction. Out of range is malformed, not "never".
    private static DateTimeOffset? Time(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.Number
        && value.TryGetDouble(out var seconds)
        && seconds is >= 0 and < 253_402_300_799
            ? DateTimeOffset.UnixEpoch.AddSeconds(seconds)
            : null;
}
