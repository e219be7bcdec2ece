using System.Globalization;

namespace AiPlatform.Services.Chat.Events;

/// <summary>Times on the wire: UTC, ISO 8601, milliseconds.</summary>
internal static class WireTime
{
    public const string Format = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    public static string ToWire(this DateTimeOffset time) => time.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture);
}
