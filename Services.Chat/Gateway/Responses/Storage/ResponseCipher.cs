using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Chat.Gateway.Responses.Storage;

/// <summary>Encrypts what is kept. It opens only for the owner and id it was sealed for: a record that was moved to another's key stays closed.</summary>
internal sealed partial class ResponseCipher : IDisposable
{
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    private readonly AesGcm _cipher;

    public ResponseCipher(IOptions<ResponseStorageOptions> options, ILogger<ResponseCipher> logger)
    {
        if (options.Value.Key is { } secret)
        {
            _cipher = new(HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret), 32, info: "gateway responses"u8.ToArray()), TagBytes);
        }
        else
        {
            _cipher = new(RandomNumberGenerator.GetBytes(32), TagBytes);
            LogOwnKey(logger);
        }
    }

    public byte[] Seal(ResponseOwner owner, string id, ReadOnlySpan<byte> content)
    {
        var record = new byte[NonceBytes + TagBytes + content.Length];
        RandomNumberGenerator.Fill(record.AsSpan(0, NonceBytes));
        _cipher.Encrypt(
            record.AsSpan(0, NonceBytes), content, record.AsSpan(NonceBytes + TagBytes), record.AsSpan(NonceBytes, TagBytes), Place(owner, id));
        return record;
    }

    /// <returns>Null when it was sealed with another key, for somebody else, or is damaged.</returns>
    public byte[]? Open(ResponseOwner owner, string id, ReadOnlySpan<byte> record)
    {
        if (record.Length < NonceBytes + TagBytes)
        {
            return null;
        }

        var content = new byte[record.Length - NonceBytes - TagBytes];

        try
        {
            _cipher.Decrypt(record[..NonceBytes], record[(NonceBytes + TagBytes)..], record.Slice(NonceBytes, TagBytes), content, Place(owner, id));
            return content;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    public void Dispose() => _cipher.Dispose();

    private static byte[] Place(ResponseOwner owner, string id) => Encoding.UTF8.GetBytes($"{owner.PracticeId}/{owner.UserId}/{id}");

    [LoggerMessage(LogLevel.Warning, "Stored responses are encrypted with a key of this process: other replicas cannot read them, and neither can it after a restart. Gateway:Responses:Key sets one.")]
    private static partial void LogOwnKey(ILogger logger);
}
