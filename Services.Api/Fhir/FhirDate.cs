using System.Globalization;
using System.Text.RegularExpressions;

namespace AiPlatform.Services.Api.Fhir;

/// <summary>A date of a search: a prefix, and the period that a partial date means. Without a zone it is UTC.</summary>
internal sealed partial record FhirDate(string Prefix, DateTimeOffset Start, DateTimeOffset End)
{
    private const int FirstYear = 1000;
    private const int LastYear = 9998;

    public static FhirDate? TryParse(string text)
    {
        // In a query the "+" of a zone is a space unless it was escaped.
        var match = Form().Match(text.Replace(' ', '+'));
        if (!match.Success)
        {
            return null;
        }

        string Part(string name, string otherwise) => match.Groups[name] is { Success: true } group ? group.Value : otherwise;
        var whole = $"{Part("year", "")}-{Part("month", "01")}-{Part("day", "01")}T{Part("hour", "00")}:{Part("minute", "00")}:{Part("second", "00")}";
        if (!DateTime.TryParseExact(whole, "yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var local)
            || local.Year is < FirstYear or > LastYear
            || ReadZone(Part("zone", "Z")) is not { } zone)
        {
            return null;
        }

        // Tables keep microseconds: what is finer is cut off.
        var fraction = Part("fraction", "");
        fraction = fraction.Length > 6 ? fraction[..6] : fraction;
        var start = new DateTimeOffset(local, zone).AddTicks(fraction.Length == 0 ? 0 : long.Parse(fraction.PadRight(7, '0'), CultureInfo.InvariantCulture));
        var end = match.Groups switch
        {
            _ when fraction.Length > 0 => start.AddTicks((long)Math.Pow(10, 7 - fraction.Length)),
            var groups when groups["second"].Success => start.AddSeconds(1),
            var groups when groups["minute"].Success => start.AddMinutes(1),
            var groups when groups["day"].Success => start.AddDays(1),
            var groups when groups["month"].Success => start.AddMonths(1),
            _ => start.AddYears(1),
        };
        return new(Part("prefix", "eq"), start.ToUniversalTime(), end.ToUniversalTime());
    }

    private static TimeSpan? ReadZone(string zone)
    {
        if (zone == "Z")
        {
            return TimeSpan.Zero;
        }

        var hours = int.Parse(zone.AsSpan(1, 2), CultureInfo.InvariantCulture);
        var minutes = int.Parse(zone.AsSpan(4, 2), CultureInfo.InvariantCulture);
        var offset = new TimeSpan(hours, minutes, 0);
        return minutes > 59 || offset > TimeSpan.FromHours(14) ? null : zone[0] == '-' ? -offset : offset;
    }

    // ge2026, 2026-11, sa2026-11-20, lt2026-11-20T09:30, 2026-11-20T09:30:00.125+01:00
    [GeneratedRegex(
        """
        ^(?<prefix>eq|ne|gt|lt|ge|le|sa|eb)?(?<year>[0-9]{4})(-(?<month>[0-9]{2})(-(?<day>[0-9]{2})
        (T(?<hour>[0-9]{2}):(?<minute>[0-9]{2})(:(?<second>[0-9]{2})(\.(?<fraction>[0-9]{1,9}))?)?(?<zone>Z|[+-][0-9]{2}:[0-9]{2})?)?)?)?\z
        """,
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Form();
}
