using System.Buffers.Text;
using System.Globalization;
using System.Text;
using AiPlatform.Services.Api.Data;

namespace AiPlatform.Services.Api.Fhir;

/// <summary>A place in the order of changes, as a next link carries it; and the version that the time of a change makes.</summary>
internal static class FhirCursor
{
    private static readonly long LastMicrosecond = MicrosecondsOf(DateTimeOffset.MaxValue);

    public static long MicrosecondsOf(DateTimeOffset time) => (time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    // "1795217010123456 0a000000-0000-7000-8000-000000000301", base64url
    public static string Write(ChangePlace place) =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{MicrosecondsOf(place.UpdatedAt)} {place.Id}")));

    /// <returns>Null for a text that is no cursor of ours.</returns>
    public static ChangePlace? TryParse(string text)
    {
        if (text.Length > 100 || !Base64Url.IsValid(text))
        {
            return null;
        }

        var parts = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text)).Split(' ');
        return parts is [var time, var id]
            && long.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds)
            && microseconds <= LastMicrosecond
            && Guid.TryParseExact(id, "D", out var guid)
                ? new(DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond), guid)
                : null;
    }
}
