using System.Buffers.Text;
using System.Security.Cryptography;
using AiPlatform.ServiceDefaults.Security;

namespace AiPlatform.Services.Api.Identity;

/// <summary>One ES256 key pair; the active one signs, a retired one only verifies, until the last token of its time has died.</summary>
/// <param name="PrivateKey">PKCS #8, base64, as it lies in the table.</param>
internal sealed record SigningKeyPair(string Kid, string PrivateKey, DateTimeOffset CreatedAt, bool Active, DateTimeOffset? VerifiesUntil)
{
    private readonly Lazy<ECParameters> _parameters = new(() =>
    {
        using var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(Convert.FromBase64String(PrivateKey), out _);
        return key.ExportParameters(includePrivateParameters: true);
    });

    public ECParameters PublicParameters => new() { Curve = _parameters.Value.Curve, Q = _parameters.Value.Q };

    public static SigningKeyPair Create(DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var kid = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(12));
        return new(kid, Convert.ToBase64String(key.ExportPkcs8PrivateKey()), now, Active: true, VerifiesUntil: null);
    }

    public byte[] Sign(ReadOnlySpan<byte> data)
    {
        // An ECDsa is not safe for two threads at once, and making one costs less than the signature.
        using var key = ECDsa.Create(_parameters.Value);
        return key.SignData(data, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }

    public SigningKey ToPublicKey()
    {
        // Not this pair, which has the private key too.
        var parameters = PublicParameters;
        return SigningKey.FromEcdsa(Kid, () => ECDsa.Create(parameters));
    }
}
