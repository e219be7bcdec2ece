using System.Buffers.Text;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Tests.Common;
using Microsoft.Extensions.Options;

namespace AiPlatform.ServiceDefaults.Tests.Security;

/// <summary>Tokens made to be believed: other algorithms, other curves, other spellings, rubbish in bulk.</summary>
public sealed class ForgedTokenTests : IDisposable
{
    private readonly TestTimeProvider _time = new();
    private readonly TokenFactory _tokens;
    private readonly TokenVerifier _verifier;

    public ForgedTokenTests()
    {
        _tokens = new(_time);
        _verifier = new(new KnownKey(_tokens), Options.Create(new AuthOptions { ClockSkewSeconds = 60 }), _time);
    }

    public void Dispose() => _tokens.Dispose();

    public static TheoryData<string> RfcExamples =>
    [
        RfcVectors.Hs256,
        $"{RfcVectors.Rs256Content}.{RfcVectors.Rs256Signature}",
        $"{RfcVectors.Es256Content}.{RfcVectors.Es256Signature}",
        RfcVectors.Unsecured,
    ];

    // The ES256 example has no kid: nobody said whose key it is, so it is not tried against all.
    [Theory]
    [MemberData(nameof(RfcExamples))]
    public async Task Verify_ExampleOfTheRfc_IsRefusedByItsHeader(string token) => Assert.Equal("header not accepted", await FailureAsync(token));

    [Fact]
    public void Verify_RsaExampleOfTheRfc_HoldsAndWithOneBitChangedDoesNot()
    {
        var key = JsonWebKey.ToSigningKey(RfcVectors.Rs256Key)!;
        var signature = Base64Url.DecodeFromChars(RfcVectors.Rs256Signature);

        Assert.True(key.Verify(Encoding.ASCII.GetBytes(RfcVectors.Rs256Content), signature));
        signature[^1] ^= 1;
        Assert.False(key.Verify(Encoding.ASCII.GetBytes(RfcVectors.Rs256Content), signature));
    }

    [Fact]
    public async Task Verify_OutsideIssuerWithRsa_HoldsForItsAlgorithmOnly()
    {
        using var rsa = RSA.Create(2048);
        var keys = new OneKey(SigningKey.FromRsa("outside", () => RSA.Create(rsa.ExportParameters(includePrivateParameters: false))));
        var outside = new TokenVerifier(keys, Options.Create(new AuthOptions { Algorithm = "RS256" }), _time);
        var content = $"{Encode("""{"alg":"RS256","kid":"outside"}""")}.{Encode(GoodPayload())}";
        var token = $"{content}.{Base64Url.EncodeToString(rsa.SignData(Encoding.ASCII.GetBytes(content), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";

        Assert.Null((await outside.VerifyAsync(token, CancellationToken.None)).Failure);
        Assert.Equal("header not accepted", await FailureAsync(token));

        // The header says the right algorithm, the key is of the other kind.
        var pinned = new TokenVerifier(keys, Options.Create(new AuthOptions()), _time);
        var asEcdsa = Sign("""{"alg":"ES256","kid":"outside"}""", GoodPayload());
        Assert.Equal("signature does not hold", (await pinned.VerifyAsync(asEcdsa, CancellationToken.None)).Failure);
    }

    public static TheoryData<string, string> HmacKeys => new()
    {
        { "HS256", "pem" }, { "HS256", "der" }, { "HS256", "jwk" }, { "HS256", "point" }, { "HS256", "x" }, { "HS256", "kid" }, { "HS256", "empty" },
        { "ES256", "pem" }, { "ES256", "der" }, { "ES256", "jwk" }, { "ES256", "point" }, { "ES256", "x" }, { "ES256", "kid" }, { "ES256", "empty" },
    };

    [Theory]
    [MemberData(nameof(HmacKeys))]
    public async Task Verify_HmacWithWhatEverybodyKnows_IsRefused(string algorithm, string spelling)
    {
        var point = _tokens.Key.ExportParameters(includePrivateParameters: false).Q;
        byte[] secret = spelling switch
        {
            "pem" => Encoding.ASCII.GetBytes(_tokens.Key.ExportSubjectPublicKeyInfoPem()),
            "der" => _tokens.Key.ExportSubjectPublicKeyInfo(),
            "jwk" => JsonSerializer.SerializeToUtf8Bytes(_tokens.ToJsonWebKey()),
            "point" => [4, .. point.X!, .. point.Y!],
            "x" => point.X!,
            "kid" => Encoding.ASCII.GetBytes(_tokens.KeyId),
            _ => [],
        };
        var content = $"{Encode($$"""{"alg":"{{algorithm}}","kid":"{{_tokens.KeyId}}"}""")}.{Encode(GoodPayload())}";
        var once = HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes(content));

        // Once as it is, once as long as an ES256 signature has to be.
        var failure = algorithm == "HS256" ? "header not accepted" : "signature does not hold";
        Assert.Equal(failure, await FailureAsync($"{content}.{Base64Url.EncodeToString(once)}"));
        Assert.Equal(failure, await FailureAsync($"{content}.{Base64Url.EncodeToString([.. once, .. once])}"));
    }

    [Theory]
    [InlineData("ES256", 384, "signature does not hold")]
    [InlineData("ES256", 521, "signature does not hold")]
    [InlineData("ES384", 384, "header not accepted")]
    [InlineData("ES512", 521, "header not accepted")]
    public async Task Verify_OtherCurve_IsRefused(string algorithm, int bits, string failure)
    {
        using var key = ECDsa.Create(bits == 384 ? ECCurve.NamedCurves.nistP384 : ECCurve.NamedCurves.nistP521);

        Assert.Equal(failure, await FailureAsync(Sign($$"""{"alg":"{{algorithm}}","kid":"{{_tokens.KeyId}}"}""", GoodPayload(), key)));
    }

    [Theory]
    [InlineData("jwk")]
    [InlineData("jku")]
    [InlineData("x5u")]
    [InlineData("x5c")]
    public async Task Verify_TokenBringsItsOwnKey_NobodyLooksAtIt(string member)
    {
        using var thief = new TokenFactory(_time);
        var header = JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["alg"] = "ES256",
            ["kid"] = _tokens.KeyId,
            [member] = member == "jwk" ? thief.ToJsonWebKey() : "https://thief.example/keys",
        });

        // Signed with the key it brings it does not hold; with the issuer's it does, so the member was not read at all.
        Assert.Equal("signature does not hold", await FailureAsync(Sign(header, GoodPayload(), thief.Key)));
        Assert.Null(await FailureAsync(Sign(header, GoodPayload())));
    }

    public static TheoryData<string> SpecialSignatures =>
    [
        "zeros", "r zero", "s zero", "ones", "order", "one and one", "der", "der padded", "half", "double", "signature twice",
    ];

    [Theory]
    [MemberData(nameof(SpecialSignatures))]
    public async Task Verify_SpecialSignature_IsRefused(string kind)
    {
        var token = _tokens.Issue(new TestToken());
        var content = token[..token.LastIndexOf('.')];
        var good = Base64Url.DecodeFromChars(token.AsSpan(content.Length + 1));
        var order = Convert.FromHexString("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551");
        var der = _tokens.Key.SignData(Encoding.ASCII.GetBytes(content), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        byte[] signature = kind switch
        {
            "zeros" => new byte[64],
            "r zero" => [.. new byte[32], .. good[32..]],
            "s zero" => [.. good[..32], .. new byte[32]],
            "ones" => [.. Enumerable.Repeat((byte)0xFF, 64)],
            "order" => [.. order, .. order],
            "one and one" => [.. new byte[31], 1, .. new byte[31], 1],
            "der" => der,
            "der padded" => [.. der[..Math.Min(64, der.Length)]],
            "half" => good[..32],
            "double" => [0, .. good[..32], 0, .. good[32..]],
            _ => [.. good, .. good],
        };

        Assert.Null(await FailureAsync(token));
        Assert.Equal("signature does not hold", await FailureAsync($"{content}.{Base64Url.EncodeToString(signature)}"));
    }

    [Fact]
    public async Task Verify_EveryBitOfEveryCharacterFlipped_IsRefused()
    {
        var token = _tokens.Issue(new TestToken()).ToCharArray();

        for (var place = 0; place < token.Length; place++)
        {
            for (var bit = 0; bit < 7; bit++)
            {
                token[place] ^= (char)(1 << bit);
                Assert.NotNull(await FailureAsync(new string(token)));
                token[place] ^= (char)(1 << bit);
            }
        }

        Assert.Null(await FailureAsync(new string(token)));
    }

    [Fact]
    public async Task Verify_WhitespaceOrPaddingAnywhere_IsRefused()
    {
        var token = _tokens.Issue(new TestToken());

        for (var place = 0; place <= token.Length; place++)
        {
            foreach (var stray in (string[])[" ", "\n", "=", "+", "\0"])
            {
                Assert.NotNull(await FailureAsync(token.Insert(place, stray)));
            }
        }
    }

    [Theory]
    [InlineData(60, 60)]
    [InlineData(0, 0)]
    public async Task Verify_Skew_IsExactOnBothSides(int skewSeconds, int expected)
    {
        var verifier = new TokenVerifier(new KnownKey(_tokens), Options.Create(new AuthOptions { ClockSkewSeconds = skewSeconds }), _time);
        var skew = TimeSpan.FromSeconds(expected);
        var tick = TimeSpan.FromTicks(1);
        var start = _time.GetUtcNow() + TimeSpan.FromMinutes(5);
        var token = _tokens.Issue(new TestToken { NotBefore = start, Lifetime = TimeSpan.FromMinutes(10) });

        var failures = new List<string?>();
        foreach (var moment in (DateTimeOffset[])[start - skew - tick, start - skew, start + TimeSpan.FromMinutes(5) + skew - tick, start + TimeSpan.FromMinutes(5) + skew])
        {
            _time.Advance(moment - _time.GetUtcNow());
            failures.Add((await verifier.VerifyAsync(token, CancellationToken.None)).Failure);
        }

        Assert.Equal(["not valid yet", null, null, "expired"], failures);
    }

    [Theory]
    [InlineData(61)]
    [InlineData(-1)]
    public async Task Start_MoreSkewThanAMinuteOrLessThanNone_IsRefused(int seconds) =>
        await Assert.ThrowsAsync<OptionsValidationException>(() => TestService.StartAsync(settings: new() { ["Auth:ClockSkewSeconds"] = $"{seconds}" }));

    public static TheoryData<string, string, string?> Dates => new()
    {
        { "exp", "-1.5", "no expiry" },
        { "exp", "-0", "expired" },
        { "exp", "1e999", "no expiry" },
        { "exp", "1" + new string('0', 3000), "no expiry" },
        { "exp", "9223372036854775808", "no expiry" },
        { "exp", "253402300799", "no expiry" },
        { "exp", "[1900000000]", "no expiry" },
        { "exp", "{}", "no expiry" },
        { "exp", "true", "no expiry" },
        { "exp", "1.9e9", null },
        { "exp", "1900000000.999", null },
        { "nbf", "-1", "not valid yet" },
        { "nbf", "\"0\"", "not valid yet" },
        { "nbf", "null", "not valid yet" },
        { "nbf", "1e-9", null },
    };

    [Theory]
    [MemberData(nameof(Dates))]
    public async Task Verify_OddDate_IsNeverForEver(string claim, string value, string? failure)
    {
        var claims = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(GoodPayload())!;
        claims.Remove(claim);
        var payload = JsonSerializer.Serialize(claims)[..^1] + $",\"{claim}\":{value}}}";

        Assert.Equal(failure, await FailureAsync(Sign(OwnHeader(), payload)));
    }

    [Theory]
    [InlineData("Role", "owner")]
    [InlineData("ROLE", "owner")]
    [InlineData("Practice_Id", "0a000000-0000-7000-8000-000000000001")]
    [InlineData("SUB", "0a000000-0000-7000-8000-000000000001")]
    public async Task Verify_ClaimTwiceInAnotherCase_IsRefused(string name, string value) =>
        Assert.Equal("no platform user in it", await FailureAsync(Sign(OwnHeader(), $"{{\"{name}\":\"{value}\",{GoodPayload()[1..]}")));

    [Fact]
    public async Task Verify_MegabytesOfToken_IsRefusedByItsLengthAlone()
    {
        var keys = new CountingKeys();
        var verifier = new TokenVerifier(keys, Options.Create(new AuthOptions()), _time);
        var (huge, dots) = (new string('A', 16 * 1024 * 1024), new string('.', 16 * 1024 * 1024));
        await verifier.VerifyAsync(huge, CancellationToken.None);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var first = verifier.VerifyAsync(huge, CancellationToken.None);
        var second = verifier.VerifyAsync(dots, CancellationToken.None);

        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(("too long", "too long", 0), ((await first).Failure, (await second).Failure, keys.Asked));
        Assert.InRange(allocated, 0, 4096);
    }

    [Theory]
    [InlineData('[')]
    [InlineData('{')]
    public async Task Verify_DeepJson_IsRefusedWithoutGoingDown(char opening)
    {
        var deep = string.Concat(Enumerable.Repeat(opening == '{' ? "{\"a\":" : "[", 900));

        Assert.Equal("header not accepted", await FailureAsync(Sign(deep, GoodPayload())));
        Assert.Equal("malformed", await FailureAsync(Sign(OwnHeader(), deep)));
    }

    [Fact]
    public async Task Verify_OneKeyFromManyThreads_AnswersEachRightly()
    {
        var good = _tokens.Issue(new TestToken());
        using var thief = new TokenFactory(_time);
        var forged = thief.Issue(new TestToken { KeyId = _tokens.KeyId });

        var wrong = 0;
        await Parallel.ForAsync(0, 2000, async (number, _) =>
        {
            var failure = await FailureAsync(number % 2 == 0 ? good : forged);
            if (failure != (number % 2 == 0 ? null : "signature does not hold"))
            {
                Interlocked.Increment(ref wrong);
            }
        });

        Assert.Equal(0, wrong);
    }

    [Fact]
    public async Task Verify_RandomChanges_AreRefused() => await FuzzAsync(2000);

    [Fact]
    [Trait("Category", "security-soak")]
    public async Task Verify_MillionsOfRandomChanges_AreRefused()
    {
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < TimeSpan.FromMinutes(2))
        {
            await FuzzAsync(20_000);
        }
    }

    // Changes that keep the parts decodable, so that the deeper checks are reached too. The seed is in the message.
    private async Task FuzzAsync(int rounds)
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        var good = _tokens.Issue(new TestToken());
        for (var round = 0; round < rounds; round++)
        {
            var parts = good.Split('.').Select(part => Base64Url.DecodeFromChars(part).ToList()).ToArray();
            for (var change = random.Next(1, 4); change > 0; change--)
            {
                var part = parts[random.Next(3)];
                var place = random.Next(part.Count);
                switch (random.Next(4))
                {
                    case 0:
                        part[place] = (byte)random.Next(256);
                        break;
                    case 1:
                        part.Insert(place, (byte)random.Next(256));
                        break;
                    case 2 when part.Count > 1:
                        part.RemoveAt(place);
                        break;
                    default:
                        part.AddRange(part.Take(random.Next(part.Count)).ToList());
                        break;
                }
            }

            var forged = string.Join('.', parts.Select(part => Base64Url.EncodeToString(part.ToArray())));
            Assert.True(forged == good || await FailureAsync(forged) is not null, $"Seed {seed}, round {round}: {forged}");
        }
    }

    private async Task<string?> FailureAsync(string token)
    {
        var verification = await _verifier.VerifyAsync(token, CancellationToken.None);
        Assert.Equal(verification.Failure is null, verification.User is not null && verification.Principal is not null);
        return verification.Failure;
    }

    private string OwnHeader() => $$"""{"alg":"ES256","typ":"JWT","kid":"{{_tokens.KeyId}}"}""";

    private string GoodPayload() => Encoding.UTF8.GetString(Base64Url.DecodeFromChars(_tokens.Issue(new TestToken()).Split('.')[1]));

    private string Sign(string header, string payload, ECDsa? key = null)
    {
        var content = $"{Encode(header)}.{Encode(payload)}";
        return $"{content}.{Base64Url.EncodeToString((key ?? _tokens.Key).SignData(Encoding.ASCII.GetBytes(content), HashAlgorithmName.SHA256))}";
    }

    private static string Encode(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));

    private sealed class OneKey(SigningKey key) : ISigningKeySource
    {
        public ValueTask<SigningKey?> FindAsync(string keyId, CancellationToken cancellationToken) => ValueTask.FromResult(keyId == key.KeyId ? key : null);
    }

    private sealed class CountingKeys : ISigningKeySource
    {
        public int Asked { get; private set; }

        public ValueTask<SigningKey?> FindAsync(string keyId, CancellationToken cancellationToken)
        {
            Asked++;
            return ValueTask.FromResult<SigningKey?>(null);
        }
    }
}
