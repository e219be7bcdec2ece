using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AiPlatform.ServiceDefaults.Security;
#if ASPIRE_PACKAGES
using MySqlConnector;
#else
using MySql.Data.MySqlClient;
#endif

namespace AiPlatform.Tests.Common;

/// <summary>Issues tokens as Services.Api does, with a key of its own, good ones and every kind of bad one.</summary>
public sealed class TokenFactory(TimeProvider? timeProvider = null) : IDisposable
{
    public const string DefaultIssuer = "https://aiplatform.local";
    public const string DefaultAudience = "aiplatform";

    private readonly TimeProvider _timeProvider = timeProvider ?? TimeProvider.System;

    public ECDsa Key { get; private init; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public string KeyId { get; private init; } = Guid.CreateVersion7().ToString("N");

    /// <summary>Issues with the key of a Services.Api that runs: what all its services verify, whatever stands in the token.</summary>
    /// <param name="practiceDatabase">Where its tables are.</param>
    public static TokenFactory OfRunningApi(string practiceDatabase)
    {
        using var connection = new MySqlConnection($"{practiceDatabase};Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "set names utf8mb4; set character_set_results=utf8mb4; select kid, private_key from signing_keys where active_slot = 1";
        using var reader = command.ExecuteReader();
        reader.Read();
        var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(Convert.FromBase64String(reader.GetString(1)), out _);
        return new() { Key = key, KeyId = reader.GetString(0) };
    }

    public string Issue(
        UserRole role,
        Guid practiceId,
        Guid? userId = null,
        Guid? profileId = null,
        Guid? clientId = null,
        string? customerId = null,
        TimeSpan? lifetime = null) => Issue(new TestToken
        {
            Role = role,
            PracticeId = practiceId,
            UserId = userId ?? Guid.CreateVersion7(),
            ProfileId = profileId,
            ClientId = clientId,
            CustomerId = customerId,
            Lifetime = lifetime ?? TimeSpan.FromHours(1),
        });

    public string Issue(TestToken token)
    {
        var header = new Dictionary<string, object?>
        {
            ["alg"] = token.Algorithm,
            ["typ"] = token.Type,
            ["kid"] = token.KeyId ?? KeyId,
        };
        var signed = $"{Encode(header)}.{Encode(ClaimsOf(token))}";
        var signature = Key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256);
        return $"{signed}.{Base64Url.EncodeToString(signature)}";
    }

    /// <summary>The public key as its JWKS entry.</summary>
    public IReadOnlyDictionary<string, string> ToJsonWebKey()
    {
        var point = Key.ExportParameters(includePrivateParameters: false).Q;
        return new Dictionary<string, string>
        {
            ["kty"] = "EC",
            ["crv"] = "P-256",
            ["x"] = Base64Url.EncodeToString(point.X),
            ["y"] = Base64Url.EncodeToString(point.Y),
            ["kid"] = KeyId,
            ["alg"] = "ES256",
            ["use"] = "sig",
        };
    }

    public void Dispose() => Key.Dispose();

    private Dictionary<string, object?> ClaimsOf(TestToken token)
    {
        var issuedAt = token.IssuedAt ?? _timeProvider.GetUtcNow();
        var claims = new Dictionary<string, object?>
        {
            ["iss"] = token.Issuer,
            ["aud"] = token.Audience,
            ["iat"] = issuedAt.ToUnixTimeSeconds(),
            ["nbf"] = (token.NotBefore ?? issuedAt).ToUnixTimeSeconds(),
            ["exp"] = (issuedAt + token.Lifetime).ToUnixTimeSeconds(),
            ["jti"] = Guid.CreateVersion7(),
            [TokenClaims.Subject] = token.UserId,
            [TokenClaims.Role] = token.Role.ToString().ToLowerInvariant(),
            [TokenClaims.PracticeId] = token.PracticeId,
            [TokenClaims.ProfileId] = token.ProfileId,
            [TokenClaims.ClientId] = token.ClientId,
            [TokenClaims.CustomerId] = token.CustomerId,
            [TokenClaims.RunId] = token.RunId,
            [TokenClaims.RunEnd] = token.RunEnd?.ToUnixTimeSeconds(),
        };
        foreach (var (name, value) in token.Claims)
        {
            claims[name] = value;
        }

        return claims.Where(claim => claim.Value is not null).ToDictionary();
    }

    private static string Encode(Dictionary<string, object?> values) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(values));
}
