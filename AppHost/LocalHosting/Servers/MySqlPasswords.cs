using System.Security.Cryptography;
using System.Text;

namespace Aspire.Hosting.Servers;

/// <summary>How MariaDB and MySQL let a client prove that it knows a password without sending it.</summary>
internal static class MySqlPasswords
{
    public const int NonceLength = 20;

    /// <summary>The server does not remember the password; it wants it encrypted with its key.</summary>
    public const byte FullProofWanted = 0x04;

    public const byte PublicKeyWanted = 0x02;

    /// <summary>Null for a plugin that is not known here.</summary>
    public static byte[]? Prove(string plugin, string password, byte[] nonce)
    {
        var bytes = Encoding.UTF8.GetBytes(password);
        return plugin switch
        {
            "mysql_native_password" => bytes.Length == 0 ? [] : Native(bytes, nonce),
            "caching_sha2_password" => bytes.Length == 0 ? [] : CachingSha2(bytes, nonce),
            _ => null,
        };
    }

    public static byte[] Encrypt(string publicKey, string password, byte[] nonce)
    {
        var secret = Encoding.UTF8.GetBytes(password + '\0');
        using var rsa = RSA.Create();
        rsa.ImportFromPem(publicKey);
        return rsa.Encrypt([.. secret.Select((b, i) => (byte)(b ^ nonce[i % nonce.Length]))], RSAEncryptionPadding.OaepSHA1);
    }

#pragma warning disable CA5350 // The server's own scheme.
    private static byte[] Native(byte[] password, byte[] nonce)
    {
        var hash = SHA1.HashData(password);
        return Xor(hash, SHA1.HashData([.. nonce, .. SHA1.HashData(hash)]));
    }
#pragma warning restore CA5350

    private static byte[] CachingSha2(byte[] password, byte[] nonce)
    {
        var hash = SHA256.HashData(password);
        return Xor(hash, SHA256.HashData([.. SHA256.HashData(hash), .. nonce]));
    }

    private static byte[] Xor(byte[] left, byte[] right) => [.. left.Zip(right, (l, r) => (byte)(l ^ r))];
}
