using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace AiPlatform.ServiceDefaults.Security;

/// <summary>A public key by its id. It verifies only the algorithm of its own kind, so a token cannot choose.</summary>
public abstract class SigningKey(string keyId)
{
    public string KeyId { get; } = keyId;

    public abstract string Algorithm { get; }

    /// <summary>True when <paramref name="signature"/> is this key's over <paramref name="content"/>. Safe to call from many threads.</summary>
    public abstract bool Verify(ReadOnlySpan<byte> content, ReadOnlySpan<byte> signature);

    /// <param name="make">Makes the public key, once at the beginning and again for each verification that begins while all others are at work.</param>
    public static SigningKey FromEcdsa(string keyId, Func<ECDsa> make) => new Es256Key(keyId, make);

    /// <inheritdoc cref="FromEcdsa"/>
    public static SigningKey FromRsa(string keyId, Func<RSA> make) => new Rs256Key(keyId, make);

    // .NET promises nothing to two threads that use one key object at once, so each verification has one to itself.
    private abstract class PublicKey<TKey>(string keyId, Func<TKey> make) : SigningKey(keyId)
        where TKey : AsymmetricAlgorithm
    {
        private readonly ConcurrentBag<TKey> _idle = [make()];

        public sealed override bool Verify(ReadOnlySpan<byte> content, ReadOnlySpan<byte> signature)
        {
            var key = _idle.TryTake(out var idle) ? idle : make();

            try
            {
                return Verify(key, content, signature);
            }
            finally
            {
                _idle.Add(key);
            }
        }

        protected abstract bool Verify(TKey key, ReadOnlySpan<byte> content, ReadOnlySpan<byte> signature);
    }

    private sealed class Es256Key(string keyId, Func<ECDsa> make) : PublicKey<ECDsa>(keyId, make)
    {
        public override string Algorithm => TokenAlgorithms.Es256;

        protected override bool Verify(ECDsa key, ReadOnlySpan<byte> content, ReadOnlySpan<byte> signature) =>
            signature.Length == 64
            && key.VerifyData(content, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }

    private sealed class Rs256Key(string keyId, Func<RSA> make) : PublicKey<RSA>(keyId, make)
    {
        public override string Algorithm => TokenAlgorithms.Rs256;

        protected override bool Verify(RSA key, ReadOnlySpan<byte> content, ReadOnlySpan<byte> signature) =>
            key.VerifyData(content, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }
}
