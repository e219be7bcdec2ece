using System.Buffers.Text;
using System.Globalization;
using System.Text;
using AiPlatform.ServiceDefaults.Errors;

namespace AiPlatform.Services.Chat.Usage.Reports;

/// <summary>A place in a list of ours; everything behind it comes next. Opaque to callers.</summary>
internal static class UsageCursor
{
    public static string Write(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    // "638999999999999999 req_01a2...", base64url
    public static string Write(DateTimeOffset time, string id) => Write(string.Create(CultureInfo.InvariantCulture, $"{time.UtcTicks} {id}"));

    /// <exception cref="DomainException">cursor.invalid</exception>
    public static string? ReadText(string? cursor)
    {
        if (cursor is null)
        {
            return null;
        }

        if (!Base64Url.IsValid(cursor))
        {
            throw Invalid();
        }

        var text = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor));
        return text.Contains('\uFFFD', StringComparison.Ordinal) || text.Any(char.IsControl) ? throw Invalid() : text;
    }

    /// <exception cref="DomainException">cursor.invalid</exception>
    public static UsagePlace? ReadPlace(string? cursor) => ReadText(cursor) is not { } text
        ? null
        : text.Split(' ') is [var ticks, { Length: > 0 } id]
            && long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var time) && time >= DateTime.UnixEpoch.Ticks && time <= DateTime.MaxValue.Ticks
            && id.All(char.IsAscii)
            ? new(new(time, TimeSpan.Zero), id)
            : throw Invalid();

    public static DomainException Invalid() =>
        new(DomainErrorKind.Invalid, "cursor.invalid", "The cursor is not one of this list.") { Errors = [new("cursor", "Not a cursor of this list.", "cursor.invalid")] };
}

internal sealed record UsagePlace(DateTimeOffset StartedAt, string RequestId);
