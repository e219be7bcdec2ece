using System.Buffers.Binary;

namespace AiPlatform.Services.Chat.Gateway;

/// <summary>
/// Ids of requests: the milliseconds since 1970 in 48 bits, then 80 bits of chance, so that they come in order. Not from the system's generator, which
/// is a call of the kernel for each: an id is no secret, and opens nothing.
/// </summary>
internal static class RequestIds
{
    private const string Prefix = "req_";

    public static bool IsOne(string id) => id.StartsWith(Prefix, StringComparison.Ordinal);

    /// <returns>req_0193a1c2d4e57f8a9b0c1d2e3f405162</returns>
    public static string Next(DateTimeOffset now)
    {
        Span<byte> id = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(id, now.ToUnixTimeMilliseconds() << 16);
        Random.Shared.NextBytes(id[6..]);
        Span<char> text = stackalloc char[Prefix.Length + 32];
        Prefix.CopyTo(text);
        Convert.TryToHexStringLower(id, text[Prefix.Length..], out _);
        return new(text);
    }
}
