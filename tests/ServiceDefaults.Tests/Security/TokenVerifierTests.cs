using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Tests.Common;
using Microsoft.Extensions.Options;

namespace AiPlatform.ServiceDefaults.Tests.Security;

public sealed class TokenVerifierTests : IDisposable
{
    private const string GoodHeader = """{"alg":"ES256","typ":"JWT","kid":"KID"}""";

    private readonly TestTimeProvider _time = new();
    private readonly TokenFactory _tokens;
    private readonly TokenVerifier _verifier;

    public TokenVerifierTests()
    {
        _tokens = new(_time);
        _verifier = new(new KnownKey(_tokens), Options.Create(new AuthOptions()), _time);
    }

    public void Dispose() => _tokens.Dispose();

    [Fact]
    [Trait("Spec", "T001-356")]
    [Trait("Spec", "T001-358")]
    public async Task Verify_Good_GivesTheUserExactly()
    {
        var token = new TestToken
        {
            Role = UserRole.Client,
            ProfileId = Guid.CreateVersion7(),
            ClientId = Guid.CreateVersion7(),
            CustomerId = "cus_1",
            RunId = Guid.CreateVersion7(),
        };

        var verification = await VerifyAsync(_tokens.Issue(token));

        Assert.Null(verification.Failure);
        Assert.Equal(
            new CurrentUser(token.UserId, UserRole.Client, token.PracticeId, token.ProfileId, token.ClientId, "cus_1") { RunId = token.RunId },
            verification.User);
        Assert.Equal(_time.GetUtcNow() + TimeSpan.FromHours(1), verification.ExpiresAt);
        Assert.True(verification.Principal!.Identity!.IsAuthenticated);
        Assert.True(verification.Principal.IsInRole("client"));
    }

    [Theory]
    [InlineData("not-a-token")]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("....")]
    [InlineData("a.b.c")]
    [InlineData("é.é.é")]
    public async Task Verify_NoToken_IsRefused(string token) => await AssertRefusedAsync("malformed", token);

    [Theory]
    [InlineData("""{"alg":"none","kid":"KID"}""")]
    [InlineData("""{"alg":"None","kid":"KID"}""")]
    [InlineData("""{"alg":"HS256","kid":"KID"}""")]
    [InlineData("""{"alg":"RS256","kid":"KID"}""")]
    [InlineData("""{"alg":"ES384","kid":"KID"}""")]
    [InlineData("""{"alg":"es256","kid":"KID"}""")]
    [InlineData("""{"alg":["ES256"],"kid":"KID"}""")]
    [InlineData("""{"kid":"KID"}""")]
    [InlineData("""{"alg":"ES256"}""")]
    [InlineData("""{"alg":"ES256","kid":""}""")]
    [InlineData("""{"alg":"ES256","kid":7}""")]
    [InlineData("""{"alg":"ES256","kid":"\ud800"}""")]
    [InlineData("""{"alg":"\ud800","kid":"KID"}""")]
    [InlineData("""{"alg":"ES256","kid":"KID","typ":"id+jwt"}""")]
    [InlineData("""{"alg":"ES256","kid":"KID","typ":1}""")]
    [InlineData("""{"alg":"ES256","kid":"KID","crit":["exp"]}""")]
    [InlineData("""{"alg":"ES256","kid":"KID","crit":[],"exp":1}""")]
    [InlineData("""{"alg":"ES256","alg":"ES256","kid":"KID"}""")]
    [InlineData("""{"alg":"none","alg":"ES256","kid":"KID"}""")]
    [InlineData("""{"alg":"ES256","kid":"other","kid":"KID"}""")]
    [InlineData("""{"alg":"ES256","\ud800":"x","kid":"KID"}""")]
    [InlineData("""["ES256"]""")]
    [InlineData("null")]
    [InlineData("{")]
    [InlineData("")]
    public async Task Verify_HeaderNotOurs_IsRefusedThoughSigned(string header) =>
        await AssertRefusedAsync("header not accepted", Sign(header, GoodPayload()));

    [Fact]
    public async Task Verify_HeaderNotUtf8_IsRefused()
    {
        byte[] header = [.. """{"alg":"ES256","kid":" """u8, 0xC3, 0x28, .. "\"}"u8];

        await AssertRefusedAsync("header not accepted", $"{Base64Url.EncodeToString(header)}.{Encode(GoodPayload())}.AAAA");
    }

    [Fact]
    public async Task Verify_KeyIdTooLong_IsRefusedBeforeAnybodyLooksForIt() =>
        await AssertRefusedAsync("header not accepted", Sign($$"""{"alg":"ES256","kid":"{{new string('k', 129)}}"}""", GoodPayload()));

    [Fact]
    public async Task Verify_AlgNoneWithoutSignature_IsRefused() =>
        await AssertRefusedAsync("header not accepted", $"{Encode($$"""{"alg":"none","kid":"{{_tokens.KeyId}}"}""")}.{Encode(GoodPayload())}.");

    [Fact]
    public async Task Verify_NoSignature_IsRefused() =>
        await AssertRefusedAsync("signature does not hold", $"{Encode(OwnHeader())}.{Encode(GoodPayload())}.");

    [Theory]
    [InlineData("HS256", "header not accepted")]
    [InlineData("ES256", "signature does not hold")]
    public async Task Verify_HmacWithThePublicKey_IsRefused(string algorithm, string failure)
    {
        var content = $"{Encode($$"""{"alg":"{{algorithm}}","kid":"{{_tokens.KeyId}}"}""")}.{Encode(GoodPayload())}";
        var signature = HMACSHA256.HashData(Encoding.ASCII.GetBytes(_tokens.Key.ExportSubjectPublicKeyInfoPem()), Encoding.ASCII.GetBytes(content));

        await AssertRefusedAsync(failure, $"{content}.{Base64Url.EncodeToString(signature)}");
    }

    [Fact]
    [Trait("Spec", "T001-361")]
    public async Task Verify_AnotherKeyUnderTheSameId_IsRefused()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var wrongCurve = ECDsa.Create(ECCurve.NamedCurves.nistP384);

        await AssertRefusedAsync("signature does not hold", Sign(OwnHeader(), GoodPayload(), other));
        await AssertRefusedAsync("signature does not hold", Sign(OwnHeader(), GoodPayload(), wrongCurve));
    }

    [Fact]
    public async Task Verify_UnknownKey_IsRefused() =>
        await AssertRefusedAsync("unknown key", _tokens.Issue(new TestToken { KeyId = "another" }));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Verify_AnyBitFlipped_IsRefused(int part)
    {
        var parts = _tokens.Issue(new TestToken()).Split('.');
        var bytes = Base64Url.DecodeFromChars(parts[part]);
        for (var bit = 0; bit < bytes.Length * 8; bit += part == 2 ? 1 : 3)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            parts[part] = Base64Url.EncodeToString(bytes);
            Assert.Null((await VerifyAsync(string.Join('.', parts))).User);
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public async Task Verify_Truncated_IsRefusedAtEveryLength()
    {
        var token = _tokens.Issue(new TestToken());

        for (var length = 0; length < token.Length; length++)
        {
            Assert.Null((await VerifyAsync(token[..length])).User);
        }
    }

    [Fact]
    public async Task Verify_SameBytesSpeltDifferently_IsRefused()
    {
        const string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        var token = _tokens.Issue(new TestToken());

        // 64 bytes end in a character of which only two bits count.
        var respelt = token[..^1] + alphabet[alphabet.IndexOf(token[^1], StringComparison.Ordinal) | 1];

        foreach (var other in (string[])[respelt, token + "=", token + "==", token + " ", token + "\n", token.Replace(".", "=.", StringComparison.Ordinal)])
        {
            await AssertRefusedAsync("malformed", other);
        }
    }

    [Fact]
    public async Task Verify_TooLong_IsRefusedUnread()
    {
        Dictionary<string, object?> filler = new() { ["filler"] = new string('x', 5000) };
        Dictionary<string, object?> moreFiller = new() { ["filler"] = new string('x', 8000) };

        Assert.Null((await VerifyAsync(_tokens.Issue(new TestToken { Claims = filler }))).Failure);
        await AssertRefusedAsync("too long", _tokens.Issue(new TestToken { Claims = moreFiller }));
    }

    [Theory]
    [InlineData("""{"sub":"x","sub":"y"}""")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"text\"")]
    [InlineData("")]
    [InlineData("{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":1}}}}}}}}}")]
    public async Task Verify_PayloadNotAnObjectOfSingleMembers_IsRefused(string payload) =>
        await AssertRefusedAsync("malformed", Sign(OwnHeader(), payload));

    [Fact]
    public async Task Verify_ClaimTwice_IsRefused()
    {
        var payload = GoodPayload();
        var twice = payload[..^1] + $",\"practice_id\":\"{Guid.CreateVersion7()}\"}}";

        Assert.Null((await VerifyAsync(Sign(OwnHeader(), payload))).Failure);
        await AssertRefusedAsync("malformed", Sign(OwnHeader(), twice));
    }

    [Fact]
    [Trait("Spec", "T001-357")]
    [Trait("Spec", "T001-360")]
    public async Task Verify_Expired_HoldsUntilTheSkewIsOver()
    {
        var token = _tokens.Issue(new TestToken { Lifetime = TimeSpan.FromSeconds(60) });

        _time.Advance(TimeSpan.FromSeconds(90) - TimeSpan.FromTicks(1));
        Assert.Null((await VerifyAsync(token)).Failure);
        _time.Advance(TimeSpan.FromTicks(1));
        await AssertRefusedAsync("expired", token);
    }

    [Fact]
    public async Task Verify_NotYetValid_HoldsFromTheSkewOn()
    {
        var token = _tokens.Issue(new TestToken { NotBefore = _time.GetUtcNow() + TimeSpan.FromSeconds(60) });

        _time.Advance(TimeSpan.FromSeconds(30) - TimeSpan.FromTicks(1));
        await AssertRefusedAsync("not valid yet", token);
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.Null((await VerifyAsync(token)).Failure);
    }

    public static TheoryData<string, object?, string> WrongClaims => new()
    {
        { "iss", "https://elsewhere", "issuer or audience is another" },
        { "iss", null, "issuer or audience is another" },
        { "iss", 5, "issuer or audience is another" },
        { "aud", "elsewhere", "issuer or audience is another" },
        { "aud", null, "issuer or audience is another" },
        { "aud", new object[] { 1, "elsewhere" }, "issuer or audience is another" },
        { "exp", null, "no expiry" },
        { "exp", "1900000000", "no expiry" },
        { "exp", -1, "no expiry" },
        { "exp", 1e300, "no expiry" },
        { "exp", 0, "expired" },
        { "nbf", "soon", "not valid yet" },
        { "nbf", 1e300, "not valid yet" },
        { "sub", null, "no platform user in it" },
        { "sub", "somebody", "no platform user in it" },
        { "sub", 5, "no platform user in it" },
        { "role", null, "no platform user in it" },
        { "role", "Owner", "no platform user in it" },
        { "role", "root", "no platform user in it" },
        { "role", new[] { "owner" }, "no platform user in it" },
        { "practice_id", null, "no platform user in it" },
        { "practice_id", "all", "no platform user in it" },
        { "practice_id", "00000000-0000-0000-0000-000000000000", "no platform user in it" },
        { "sub", "00000000-0000-0000-0000-000000000000", "no platform user in it" },
        { "profile_id", "mine", "no platform user in it" },
        { "profile_id", new[] { "mine" }, "no platform user in it" },
        { "client_id", 12, "no platform user in it" },
        { "run_id", "", "no platform user in it" },
        { "customer_id", true, "no platform user in it" },
    };

    [Theory]
    [MemberData(nameof(WrongClaims))]
    public async Task Verify_WrongClaim_IsRefused(string claim, object? value, string failure) =>
        await AssertRefusedAsync(failure, _tokens.Issue(new TestToken { Claims = new Dictionary<string, object?> { [claim] = value } }));

    public static TheoryData<string, object?> OddButRightClaims => new()
    {
        { "aud", new[] { "elsewhere", "aiplatform" } },
        { "exp", 1_900_000_000.5 },
        { "exp", 253_402_300_798L },
        { "nbf", null },
        { "nbf", 0 },
    };

    [Theory]
    [MemberData(nameof(OddButRightClaims))]
    public async Task Verify_OddButRightClaim_IsAccepted(string claim, object? value) =>
        Assert.Null((await VerifyAsync(_tokens.Issue(new TestToken { Claims = new Dictionary<string, object?> { [claim] = value } }))).Failure);

    [Fact]
    public async Task Verify_ClaimTextNotUnicode_IsRefused()
    {
        var payload = GoodPayload();

        await AssertRefusedAsync("malformed", Sign(OwnHeader(), payload[..^1] + ",\"customer_id\":\"\\ud800\"}"));
    }

    private async Task AssertRefusedAsync(string failure, string token) =>
        Assert.Equal(new TokenVerification(null, null, default, failure), await VerifyAsync(token));

    private Task<TokenVerification> VerifyAsync(string token) => _verifier.VerifyAsync(token, CancellationToken.None);

    private string OwnHeader() => GoodHeader.Replace("KID", _tokens.KeyId, StringComparison.Ordinal);

    private string GoodPayload() => Encoding.UTF8.GetString(Base64Url.DecodeFromChars(_tokens.Issue(new TestToken()).Split('.')[1]));

    private string Sign(string header, string payload, ECDsa? key = null)
    {
        var content = $"{Encode(header.Replace("KID", _tokens.KeyId, StringComparison.Ordinal))}.{Encode(payload)}";
        return $"{content}.{Base64Url.EncodeToString((key ?? _tokens.Key).SignData(Encoding.ASCII.GetBytes(content), HashAlgorithmName.SHA256))}";
    }

    private static string Encode(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
}
