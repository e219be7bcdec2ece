using System.Buffers.Text;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Tests.Common;

namespace AiPlatform.ServiceDefaults.Tests.TestKit;

public sealed class TokenFactoryTests
{
    [Fact]
    public async Task Issue_KeyPublished_VerifiesWithThePublishedKey()
    {
        using var tokens = new TokenFactory();
        await using var server = await JwksServer.StartAsync(tokens);
        using var client = new HttpClient();

        var discovery = await client.GetFromJsonAsync<JsonElement>($"{server.Url}/.well-known/openid-configuration");
        var keys = await client.GetFromJsonAsync<JsonElement>(discovery.GetProperty("jwks_uri").GetString());
        var key = Assert.Single(keys.GetProperty("keys").EnumerateArray());
        using var verifier = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new() { X = Decode(key.GetProperty("x").GetString()!), Y = Decode(key.GetProperty("y").GetString()!) },
        });
        var parts = tokens.Issue(UserRole.Owner, Guid.CreateVersion7()).Split('.');

        Assert.True(verifier.VerifyData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Decode(parts[2]), HashAlgorithmName.SHA256));
        Assert.Equal((1, 1), (server.DiscoveryFetches, server.KeyFetches));
    }

    [Fact]
    public void Issue_OverriddenClaims_SaysExactlyThat()
    {
        using var tokens = new TokenFactory();
        var issuedAt = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);
        var practiceId = Guid.CreateVersion7();
        var userId = Guid.CreateVersion7();

        var parts = tokens.Issue(new TestToken
        {
            Role = UserRole.Client,
            PracticeId = practiceId,
            UserId = userId,
            IssuedAt = issuedAt,
            Lifetime = TimeSpan.FromSeconds(-5),
            Algorithm = "none",
            KeyId = "other",
            Claims = new Dictionary<string, object?> { ["jti"] = null, ["aud"] = "elsewhere" },
        }).Split('.');

        Assert.Equal("""{"alg":"none","typ":"JWT","kid":"other"}""", Encoding.UTF8.GetString(Decode(parts[0])));
        Assert.Equal(
            $$"""{"iss":"https://aiplatform.local","aud":"elsewhere","iat":1700000000,"nbf":1700000000,"exp":1699999995,"sub":"{{userId}}","role":"client","practice_id":"{{practiceId}}"}""",
            Encoding.UTF8.GetString(Decode(parts[1])));
    }

    private static byte[] Decode(string text) => Base64Url.DecodeFromChars(text);
}
