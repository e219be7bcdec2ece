using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json.Serialization;

namespace AiPlatform.ServiceDefaults.Security;

/// <summary>A published key set (RFC 7517).</summary>
public sealed record JsonWebKeySet(IReadOnlyList<JsonWebKey?>? Keys);

/// <summary>One public key: <c>{"kty":"EC","crv":"P-256","kid":"...","x":"...","y":"...","use":"sig","alg":"ES256"}</c>.</summary>
public sealed record JsonWebKey
{
    // 2048 bits is what RFC 7518 asks of RS256, and past 8192 a verification is work that a stranger's token should not cause.
    private const int MinModulusLength = 342;
    private const int MaxModulusLength = 1366;
    private const int MaxExponentLength = 6;

    public required string Kty { get; init; }

    public string? Kid { get; init; }

    public string? Use { get; init; }

    public string? Alg { get; init; }

    public string? Crv { get; init; }

    public string? X { get; init; }

    public string? Y { get; init; }

    public string? N { get; init; }

    public string? E { get; init; }

    /// <summary>The private part. We never publish it, and a key of which somebody did is nobody's secret any more.</summary>
    public string? D { get; init; }

    public static JsonWebKey FromEcdsa(string keyId, ECDsa key)
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return new()
        {
            Kty = "EC",
            Crv = "P-256",
            Kid = keyId,
            Use = "sig",
            Alg = TokenAlgorithms.Es256,
            X = Base64Url.EncodeToString(point.X),
            Y = Base64Url.EncodeToString(point.Y),
        };
    }

    /// <returns>Null for a key that is malformed, exposed or of a kind we do not verify with; others of the set still count.</returns>
    internal static SigningKey? ToSigningKey(JsonWebKey key)
    {
        if (key.Kid is not { Length: > 0 } || key.Use is not (null or "sig") || key.D is not null)
        {
            return null;
        }

        try
        {
            return key switch
            {
                { Kty: "EC", Crv: "P-256", Alg: null or TokenAlgorithms.Es256, X: not null, Y: not null } => FromPoint(key.Kid, key.X, key.Y),
                { Kty: "RSA", Alg: null or TokenAlgorithms.Rs256, N.Length: >= MinModulusLength and <= MaxModulusLength, E.Length: > 0 and <= MaxExponentLength } => FromModulus(key.Kid, key.N, key.E),
                _ => null,
            };
        }
        catch (Exception exception) when (exception is FormatException or CryptographicException)
        {
            return null;
        }
    }

    private static SigningKey FromPoint(string keyId, string x, string y)
    {
        var parameters = new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new() { X = Base64Url.DecodeFromChars(x), Y = Base64Url.DecodeFromChars(y) } };
        return SigningKey.FromEcdsa(keyId, () => ECDsa.Create(parameters));
    }

    private static SigningKey FromModulus(string keyId, string modulus, string exponent)
    {
        var parameters = new RSAParameters { Modulus = Base64Url.DecodeFromChars(modulus), Exponent = Base64Url.DecodeFromChars(exponent) };
        return SigningKey.FromRsa(keyId, () => RSA.Create(parameters));
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(JsonWebKeySet))]
public sealed partial class JwksJsonContext : JsonSerializerContext;
