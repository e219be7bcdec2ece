using System.Security.Cryptography;
using System.Text;

namespace AiPlatform.ServiceDefaults.Security;

/// <summary>
/// Encrypts what a service keeps outside itself (AES-256-GCM). What is sealed for one place, an owner and an id, opens there only: a record that was moved
/// elsewhere stays closed. Safe to call from many threads.
/// </summary>
public sealed class ContentCipher
{
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int KeyBytes = 32;

    // Each call makes its own AesGcm: one that two threads use at once mixes up their contents and nonces.
    private readonly byte[] _key;

    /// <param name="secret">Null makes a key of this process, for as long as it lives.</param>
    /// <param name="purpose">Has a key of its own, derived from the secret.</param>
    public ContentCipher(string? secret, string purpose) => _key = secret is null
        ? RandomNumberGenerator.GetBytes(KeyBytes)
        : HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret), KeyBytes, info: Encoding.UTF8.GetBytes(purpose));

    public byte[] Seal(string place, ReadOnlySpan<byte> content)
    {
        var record = new byte[NonceBytes + TagBytes + content.Length];
        RandomNumberGenerator.Fill(record.AsSpan(0, NonceBytes));
        using var cipher = new AesGcm(_key, TagBytes);
        cipher.Encrypt(
            record.AsSpan(0, NonceBytes), content, record.AsSpan(NonceBytes + TagBytes), record.AsSpan(NonceBytes, TagBytes), Encoding.UTF8.GetBytes(place));
        return record;
    }

    /// <returns>Null when it was sealed with another key, for another place, or is damaged.</returns>
    public byte[]? Open(string place, ReadOnlySpan<byte> record)
    {
        if (record.Length < NonceBytes + TagBytes)
        {
            return null;
        }

        var content = new byte[record.Length - NonceBytes - TagBytes];
        using var cipher = new AesGcm(_key, TagBytes);

        try
        {
            cipher.Decrypt(record[..NonceBytes], record[(NonceBytes + TagBytes)..], record.Slice(NonceBytes, TagBytes), content, Encoding.UTF8.GetBytes(place));
            return content;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }
}
