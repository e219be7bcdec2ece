using System.Security.Cryptography;

namespace AiPlatform.ServiceDefaults.Security;

/// <summary>A public key by its id. It verifies only the algorithm of its own kind, so a token cannot choose.</summary>
public abstract class SigningKey(string keyId)
{
    public string KeyId { get; } = keyId;

    public abstract string Algorithm { get; }

    /// <summary>True when <paramref name="signature"/> is this key's over <paramref name="content"/>. Safe to call from many threads.</summary>
    public abstract bool Verify(ReadOnlySpan<byte> content, ReadOnlySpan<byte> signature);

    public static SigningKey FromEcdsa(string keyId, ECDsa key) => new Es256Key(keyId, key);

    public static SigningKey FromRsa(string keyId, RSA key) => new Rs256Key(keyId, key);

    private sealed class Es256Key(string keyId, ECDsa key) : SigningKey(keyId)
    {
        public override string Algorithm => TokenAlgorithms.Es256;

        public override bool Verify(ReadOnlySpan<byte> content, ReadOnlySpan<byte> signature) =>
            signature.Length == 64
            && key.VerifyData(content, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }

    private sealed class Rs256Key(string keyId, RSA key) : SigningKey(keyId)
    {
        public override string Algorithm => TokenAlgorithms.Rs256;

        public override bool Verify(ReadOnlySpan<byte> content, ReadOnlySpan<byte> signature) =>
            key.VerifyData(content, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }
}
