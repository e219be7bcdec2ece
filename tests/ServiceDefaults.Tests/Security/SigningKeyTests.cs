using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using AiPlatform.ServiceDefaults.Security;

namespace AiPlatform.ServiceDefaults.Tests.Security;

public sealed class SigningKeyTests
{
    // RFC 7515, appendix A.3: a JWS with ES256.
    private const string RfcContent =
        "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";

    private const string RfcSignature = "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

    private static readonly JsonWebKey RfcKey = new()
    {
        Kty = "EC",
        Crv = "P-256",
        Kid = "rfc",
        X = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        Y = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
    };

    [Fact]
    public void Verify_RfcVector_Holds()
    {
        var key = JsonWebKey.ToSigningKey(RfcKey)!;

        Assert.Equal(("rfc", "ES256"), (key.KeyId, key.Algorithm));
        Assert.True(key.Verify(Encoding.ASCII.GetBytes(RfcContent), Base64Url.DecodeFromChars(RfcSignature)));
    }

    [Fact]
    public void Verify_RfcVectorWithOneBitChanged_DoesNotHold()
    {
        var key = JsonWebKey.ToSigningKey(RfcKey)!;
        var content = Encoding.ASCII.GetBytes(RfcContent);
        content[^1] ^= 1;

        Assert.False(key.Verify(content, Base64Url.DecodeFromChars(RfcSignature)));
    }

    [Fact]
    public void Verify_SignatureInDer_DoesNotHold()
    {
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var der = ecdsa.SignData("content"u8, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);

        Assert.False(SigningKey.FromEcdsa("key", ecdsa).Verify("content"u8, der));
    }

    [Fact]
    public void Verify_RsaKey_HoldsForItsOwnAlgorithmOnly()
    {
        using var rsa = RSA.Create(2048);
        var parameters = rsa.ExportParameters(includePrivateParameters: false);
        var key = JsonWebKey.ToSigningKey(new()
        {
            Kty = "RSA", Kid = "rsa", N = Base64Url.EncodeToString(parameters.Modulus), E = Base64Url.EncodeToString(parameters.Exponent),
        })!;

        Assert.Equal("RS256", key.Algorithm);
        Assert.True(key.Verify("content"u8, rsa.SignData("content"u8, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)));
        Assert.False(key.Verify("content"u8, rsa.SignData("content"u8, HashAlgorithmName.SHA256, RSASignaturePadding.Pss)));
    }

    public static TheoryData<JsonWebKey> Unusable =>
    [
        RfcKey with { Kid = null },
        RfcKey with { Kid = "" },
        RfcKey with { Use = "enc" },
        RfcKey with { Kty = "oct" },
        RfcKey with { Crv = "P-384" },
        RfcKey with { X = null },
        RfcKey with { X = "not base64url!" },
        RfcKey with { X = RfcKey.Y, Y = RfcKey.X },
        RfcKey with { Y = "AQAB" },
        new JsonWebKey { Kty = "RSA", Kid = "rsa", N = "", E = "" },
    ];

    [Theory]
    [MemberData(nameof(Unusable))]
    public void Read_UnusableKey_IsLeftOut(JsonWebKey key) => Assert.Null(JsonWebKey.ToSigningKey(key));
}
