using AiPlatform.ServiceDefaults.Security;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Chat.Gateway.Responses.Storage;

/// <summary>Encrypts what is kept. It opens only for the owner and id it was sealed for: a record that was moved to another's key stays closed.</summary>
internal sealed partial class ResponseCipher
{
    private readonly ContentCipher _cipher;

    public ResponseCipher(IOptions<ResponseStorageOptions> options, ILogger<ResponseCipher> logger)
    {
        _cipher = new(options.Value.Key, "gateway responses");

        if (options.Value.Key is null)
        {
            LogOwnKey(logger);
        }
    }

    public byte[] Seal(ResponseOwner owner, string id, ReadOnlySpan<byte> content) => _cipher.Seal(Place(owner, id), content);

    /// <returns>Null when it was sealed with another key, for somebody else, or is damaged.</returns>
    public byte[]? Open(ResponseOwner owner, string id, ReadOnlySpan<byte> record) => _cipher.Open(Place(owner, id), record);

    private static string Place(ResponseOwner owner, string id) => $"{owner.PracticeId}/{owner.UserId}/{id}";

    [LoggerMessage(LogLevel.Warning, "Stored responses are encrypted with a key of this process: other replicas cannot read them, and neither can it after a restart. Gateway:Responses:Key sets one.")]
    private static partial void LogOwnKey(ILogger logger);
}
