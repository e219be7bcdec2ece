using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Tests.Common;

namespace AiPlatform.ServiceDefaults.Tests.Security;

public sealed class SigningKeyTests
{
    [Fact]
    public void Verify_RfcVector_Holds()
    {
        var key = JsonWebKey.ToSigningKey(RfcVectors.Es256Key)!;

        Assert.Equal(("rfc", "ES256"), (key.KeyId, key.Algorithm));
        Assert.True(key.Verify(Encoding.ASCII.GetBytes(RfcVectors.Es256Content), Base64Url.DecodeFromChars(RfcVectors.Es256Signature)));
    }

    [Fact]
    public void Verify_RfcVectorWithOneBitChanged_DoesNotHold()
    {
        var key = JsonWebKey.ToSigningKey(RfcVectors.Es256Key)!;
        var content = Encoding.ASCII.GetBytes(RfcVectors.Es256Content);
        content[^1] ^= 1;

        Assert.False(key.Verify(content, Base64Url.DecodeFromChars(RfcVectors.Es256Signature)));
    }

    [Fact]
    public void Verify_SignatureInDer_DoesNotHold()
    {
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var der = ecdsa.SignData("content"u8, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);

        Assert.False(SigningKey.FromEcdsa("key", () => ecdsa).Verify("content"u8, der));
    }

    [Fact]
    public void Verify_RsaKey_HoldsForItsOwnAlgorithmOnly()
    {
        using var rsa = RSA.Create(2048);
        var parameters = rsa.ExportParameters(includePrivateParameters: false);
        var key = JsonWebKey.ToSigningKey(new()
        {
            Kty = "RSA",
            Kid = "rsa",
            N = Base64Url.EncodeToString(parameters.Modulus),
            E = Base64Url.EncodeToString(parameters.Exponent),
        })!;

        Assert.Equal("RS256", key.Algorithm);
        Assert.True(key.Verify("content"u8, rsa.SignData("content"u8, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)));
        Assert.False(key.Verify("content"u8, rsa.SignData("content"u8, HashAlgorithmName.SHA256, RSASignaturePadding.Pss)));
    }

    [Fact]
    public async Task Verify_ByTwoAtOnce_HasAKeyObjectForEach()
    {
        using var both = new Barrier(2);
        var made = new ConcurrentQueue<ObservedKey>();
        var key = SigningKey.FromEcdsa("key", () =>
        {
            made.Enqueue(new(both));
            return made.Last();
        });

        var held = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() => key.Verify("content"u8, new byte[64]))));

        Assert.Equal([true, true], held);
        Assert.Equal([1, 1], made.Select(one => one.Asked));
    }

    public static TheoryData<JsonWebKey> Unusable =>
    [
        RfcVectors.Es256Key with { Kid = null },
        RfcVectors.Es256Key with { Kid = "" },
        RfcVectors.Es256Key with { Use = "enc" },
        RfcVectors.Es256Key with { Kty = "oct" },
        RfcVectors.Es256Key with { Crv = "P-384" },
        RfcVectors.Es256Key with { X = null },
        RfcVectors.Es256Key with { X = "not base64url!" },
        RfcVectors.Es256Key with { X = RfcVectors.Es256Key.Y, Y = RfcVectors.Es256Key.X },
        RfcVectors.Es256Key with { Y = "AQAB" },
        RfcVectors.Es256Key with { Alg = "ES384" },
        RfcVectors.Es256Key with { D = "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI" },
        RfcVectors.Es256Key with { Crv = "P-521" },
        new JsonWebKey { Kty = "RSA", Kid = "rsa", N = "", E = "" },
        RsaKey(1024),
        RsaKey(2048) with { Alg = "PS256" },
        RsaKey(2048) with { D = "AQAB" },
        RsaKey(2048) with { N = new string('_', 1400) },
    ];

    [Theory]
    [MemberData(nameof(Unusable))]
    public void Read_UnusableKey_IsLeftOut(JsonWebKey key) => Assert.Null(JsonWebKey.ToSigningKey(key));

    /// <summary>Takes a signature for its own once two are verified at the same time, and counts what it was asked.</summary>
    private sealed class ObservedKey : ECDsa
    {
        private readonly Barrier _both;
        private int _asked;

        public ObservedKey(Barrier both) => (_both, KeySizeValue) = (both, 256);

        public int Asked => Volatile.Read(ref _asked);

        public override bool VerifyHash(byte[] hash, byte[] signature)
        {
            Interlocked.Increment(ref _asked);
            return _both.SignalAndWait(Eventually.Timeout);
        }

        public override byte[] SignHash(byte[] hash) => throw new NotSupportedException();
    }

    private static JsonWebKey RsaKey(int bits)
    {
        using var rsa = RSA.Create(bits);
        var parameters = rsa.ExportParameters(includePrivateParameters: false);
        return new() { Kty = "RSA", Kid = "rsa", N = Base64Url.EncodeToString(parameters.Modulus), E = Base64Url.EncodeToString(parameters.Exponent) };
    }
}
