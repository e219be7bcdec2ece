using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace AiPlatform.Services.Api.Audit;

/// <summary>A place in the list of events, newest first: everything after it comes next.</summary>
internal sealed record AuditCursor(DateTimeOffset OccurredAt, long SequenceNumber)
{
    // "1795200600123456.42": microseconds since 1970 and the row's number, base64url
    public override string ToString() => Base64Url.EncodeToString(Encoding.ASCII.GetBytes(string.Create(
        CultureInfo.InvariantCulture, $"{(OccurredAt - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond}.{SequenceNumber}")));

    /// <returns><see langword="false"/> for a text that is no cursor of ours.</returns>
    public static bool TryParse(string text, out AuditCursor? cursor)
    {
        cursor = null;
        if (!Base64Url.IsValid(text) || Encoding.ASCII.GetString(Base64Url.DecodeFromChars(text)).Split('.') is not [var time, var number]
            || !long.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds)
            || !long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var sequenceNumber)
            || microseconds > (DateTimeOffset.MaxValue - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond)
        {
            return false;
        }

        cursor = new(DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond), sequenceNumber);
        return true;
    }
}
