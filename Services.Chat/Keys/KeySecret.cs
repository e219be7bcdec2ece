using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace AiPlatform.Services.Chat.Keys;

/// <summary>
/// The secret of a key: sk-aip- and 32 random bytes as base64url. With that much chance in it a plain SHA-256 is enough to store, and a
/// lookup by the hash tells nobody anything by the time it takes.
/// </summary>
internal sealed record KeySecret(string Text, string Hash)
{
    public const string Prefix = "sk-aip-";

    private const int RandomBytes = 32;
    private const int Length = 43;
    private const int HintLength = 4;

    /// <summary>sk-aip-3fQ9</summary>
    public string Hint => Text[..(Prefix.Length + HintLength)];

    public static KeySecret Create()
    {
        var text = Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes));
        return new(text, HashOf(text));
    }

    /// <returns>Null for what was never made here: nothing needs to be looked up for it.</returns>
    public static string? HashOfGiven(string text) =>
        text.Length == Prefix.Length + Length && text.StartsWith(Prefix, StringComparison.Ordinal) && Base64Url.IsValid(text.AsSpan(Prefix.Length)) ? HashOf(text) : null;

    // Records print their members, and this one is a secret.
    public override string ToString() => Hint;

    private static string HashOf(string text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.ASCII.GetBytes(text), hash);
        return Convert.ToHexStringLower(hash);
    }
}
