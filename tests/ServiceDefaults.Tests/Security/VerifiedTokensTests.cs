using System.Security.Cryptography;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Tests.Common;
using Microsoft.Extensions.Options;

namespace AiPlatform.ServiceDefaults.Tests.Security;

/// <summary>A signature that held is believed for a minute, and what withdraws a token withdraws it at once all the same.</summary>
public sealed class VerifiedTokensTests : IDisposable
{
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(new AuthOptions().ClockSkewSeconds);

    private readonly TestTimeProvider _time = new();
    private readonly TokenFactory _tokens;
    private readonly PublishedKeys _keys;
    private readonly TokenVerifier _verifier;

    public VerifiedTokensTests()
    {
        _tokens = new(_time);
        _keys = new() { Key = new CountingKey(_tokens) };
        _verifier = new(_keys, Options.Create(new AuthOptions()), _time);
    }

    public void Dispose() => _tokens.Dispose();

    [Fact]
    public async Task Verify_AgainWithinAMinute_GivesTheSameWithoutTheSignature()
    {
        var token = _tokens.Issue(new TestToken());

        var first = await VerifyAsync(token);
        _time.Advance(TimeSpan.FromSeconds(59));
        var second = await VerifyAsync(token);

        Assert.NotNull(first.User);
        Assert.Equal(first, second);
        Assert.Equal(1, _keys.Key!.Verifications);
    }

    [Fact]
    public async Task Verify_AgainAfterAMinute_AsksForTheSignature()
    {
        var token = _tokens.Issue(new TestToken());

        await VerifyAsync(token);
        _time.Advance(TimeSpan.FromSeconds(60));
        var later = await VerifyAsync(token);

        Assert.NotNull(later.User);
        Assert.Equal(2, _keys.Key!.Verifications);
    }

    [Fact]
    public async Task Verify_KnownTokenAtItsExpiry_IsRefused()
    {
        var token = _tokens.Issue(new TestToken { Lifetime = TimeSpan.FromSeconds(10) });

        Assert.Null((await VerifyAsync(token)).Failure);
        _time.Advance(TimeSpan.FromSeconds(10) + Skew - TimeSpan.FromTicks(1));
        Assert.Null((await VerifyAsync(token)).Failure);
        _time.Advance(TimeSpan.FromTicks(1));

        Assert.Equal(TokenVerification.Refused("expired"), await VerifyAsync(token));
    }

    [Fact]
    public async Task Verify_KnownTokenOfAWithdrawnKey_IsRefused()
    {
        var token = _tokens.Issue(new TestToken());
        await VerifyAsync(token);

        _keys.Key = null;

        Assert.Equal(TokenVerification.Refused("unknown key"), await VerifyAsync(token));
    }

    [Fact]
    public async Task Verify_KnownTokenWhoseKeyIdIsAnotherKeyNow_IsRefused()
    {
        using var other = new TokenFactory(_time);
        var token = _tokens.Issue(new TestToken());
        await VerifyAsync(token);

        _keys.Key = new(other, _tokens.KeyId);

        Assert.Equal(TokenVerification.Refused("signature does not hold"), await VerifyAsync(token));
    }

    [Fact]
    public async Task Verify_KnownTokenWithAnotherSignature_IsRefused()
    {
        var token = _tokens.Issue(new TestToken());
        var signature = _tokens.Issue(new TestToken()).Split('.')[2];
        await VerifyAsync(token);

        Assert.Equal(TokenVerification.Refused("signature does not hold"), await VerifyAsync($"{token[..token.LastIndexOf('.')]}.{signature}"));
    }

    [Fact]
    public async Task Verify_RefusedToken_IsNotRemembered()
    {
        var token = _tokens.Issue(new TestToken { NotBefore = _time.GetUtcNow() + Skew + TimeSpan.FromSeconds(5) });

        Assert.Equal(TokenVerification.Refused("not valid yet"), await VerifyAsync(token));
        _time.Advance(TimeSpan.FromSeconds(5));

        Assert.Null((await VerifyAsync(token)).Failure);
    }

    [Fact]
    public async Task Recall_VerifiedToken_IsItsCallerWithoutTheSignature()
    {
        var token = _tokens.Issue(new TestToken());
        var verified = await VerifyAsync(token);
        var header = $"Bearer {token}";

        var (first, second) = (_verifier.Recall(header)!, _verifier.Recall(header));

        Assert.Equal(new(new(verified.User!, token, verified.ExpiresAt), verified.Principal!), first);
        Assert.Same(first, second);
        Assert.Equal(1, _keys.Key!.Verifications);
    }

    [Fact]
    public async Task Recall_TokenThatWasNotVerified_IsNobody()
    {
        var token = _tokens.Issue(new TestToken());
        await VerifyAsync(_tokens.Issue(new TestToken()));

        Assert.Null(_verifier.Recall($"Bearer {token}"));
        Assert.Null(_verifier.Recall($"Basic {token}"));
        Assert.Null(_verifier.Recall(token));
        Assert.Null(_verifier.Recall(""));
    }

    [Fact]
    public async Task Recall_AfterAMinute_IsNobodyUntilTheSignatureHeldAgain()
    {
        var token = _tokens.Issue(new TestToken());
        var header = $"Bearer {token}";
        await VerifyAsync(token);
        Assert.NotNull(_verifier.Recall(header));

        _time.Advance(TimeSpan.FromSeconds(60));

        Assert.Null(_verifier.Recall(header));
        await VerifyAsync(token);
        Assert.NotNull(_verifier.Recall(header));
        Assert.Equal(2, _keys.Key!.Verifications);
    }

    [Fact]
    public async Task Recall_AtTheTokensExpiry_IsNobody()
    {
        var token = _tokens.Issue(new TestToken { Lifetime = TimeSpan.FromSeconds(10) });
        var header = $"Bearer {token}";
        await VerifyAsync(token);
        _time.Advance(TimeSpan.FromSeconds(10) + Skew - TimeSpan.FromTicks(1));
        Assert.NotNull(_verifier.Recall(header));

        _time.Advance(TimeSpan.FromTicks(1));

        Assert.Null(_verifier.Recall(header));
    }

    [Fact]
    public async Task Recall_KeyWithdrawnOrAnotherNow_IsNobody()
    {
        using var other = new TokenFactory(_time);
        var token = _tokens.Issue(new TestToken());
        var header = $"Bearer {token}";
        await VerifyAsync(token);
        Assert.NotNull(_verifier.Recall(header));

        _keys.Key = new(other, _tokens.KeyId);
        Assert.Null(_verifier.Recall(header));
        _keys.Key = null;
        Assert.Null(_verifier.Recall(header));
    }

    private Task<TokenVerification> VerifyAsync(string token) => _verifier.VerifyAsync(token, CancellationToken.None);

    private sealed class PublishedKeys : ISigningKeySource
    {
        public CountingKey? Key { get; set; }

        public ValueTask<SigningKey?> FindAsync(string keyId, CancellationToken cancellationToken) => new(Key?.KeyId == keyId ? Key : null);
    }

    private sealed class CountingKey(TokenFactory tokens, string? keyId = null) : SigningKey(keyId ?? tokens.KeyId)
    {
        private readonly SigningKey _key = FromEcdsa(tokens.KeyId, () => ECDsa.Create(tokens.Key.ExportParameters(includePrivateParameters: false)));

        public int Verifications { get; private set; }

        public override string Algorithm => _key.Algorithm;

        public override bool Verify(ReadOnlySpan<byte> content, ReadOnlySpan<byte> signature)
        {
            Verifications++;
            return _key.Verify(content, signature);
        }
    }
}
