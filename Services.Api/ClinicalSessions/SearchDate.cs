using System.Globalization;

namespace AiPlatform.Services.Api.ClinicalSessions;

/// <summary>A bound of a search: a whole UTC day, or one moment.</summary>
internal readonly record struct SearchDate(DateTimeOffset Start, DateTimeOffset End)
{
    private static readonly string[] Times = ["yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    public static bool TryParse(string text, out SearchDate date)
    {
        // 2026-11-20
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day < DateOnly.MaxValue)
        {
            date = new(
                new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero), new DateTimeOffset(day.AddDays(1), TimeOnly.MinValue, TimeSpan.Zero));
            return true;
        }

        // 2026-11-20T09:30:00Z; as an upper bound it counts too. Other ways to write a time would be guessed at: "20 November" is one of this year.
        var parsed = DateTimeOffset.TryParseExact(text, Times, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            && time < DateTimeOffset.MaxValue.AddDays(-1);
        date = parsed ? new(time, time.AddTicks(TimeSpan.TicksPerMicrosecond)) : default;
        return parsed;
    }
}
