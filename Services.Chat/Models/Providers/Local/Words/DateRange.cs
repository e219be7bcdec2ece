using System.Globalization;
using System.Text.RegularExpressions;

namespace AiPlatform.Services.Chat.Models.Providers.Local.Words;

/// <summary>The days a request speaks of: "between 2026-03-01 and 2026-03-31", "since March", "last week", "past 10 days".</summary>
internal sealed partial record DateRange(DateOnly? From, DateOnly? To)
{
    private const string Months = "january|february|march|april|may|june|july|august|september|october|november|december";

    /// <returns>Null when the text names no time.</returns>
    public static DateRange? Find(string text, DateOnly today)
    {
        var days = Dates(text, today);

        if (days.Count >= 2)
        {
            return new(days.Min(), days.Max());
        }

        if (days.Count == 1)
        {
            return Since().IsMatch(text) ? new(days[0], null)
                : Until().IsMatch(text) ? new(null, days[0])
                : new(days[0], days[0]);
        }

        return Relative(text, today) ?? Month(text, today);
    }

    private static List<DateOnly> Dates(string text, DateOnly today)
    {
        var days = new List<DateOnly>();

        foreach (Match match in IsoDate().Matches(text))
        {
            if (DateOnly.TryParseExact(match.Value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            {
                days.Add(day);
            }
        }

        foreach (Match match in DayAndMonth().Matches(text))
        {
            var year = match.Groups["year"].Success ? int.Parse(match.Groups["year"].Value, CultureInfo.InvariantCulture) : today.Year;
            var month = MonthNumber(match.Groups["month"].Value);
            var number = int.Parse(match.Groups["day"].Value, CultureInfo.InvariantCulture);

            if (number >= 1 && number <= DateTime.DaysInMonth(year, month))
            {
                var day = new DateOnly(year, month, number);
                days.Add(!match.Groups["year"].Success && day > today ? day.AddYears(-1) : day);
            }
        }

        return days;
    }

    private static DateRange? Relative(string text, DateOnly today)
    {
        // Weeks begin on Monday.
        var monday = today.AddDays(-(((int)today.DayOfWeek + 6) % 7));
        var first = new DateOnly(today.Year, today.Month, 1);

        if (LastDays().Match(text) is { Success: true } match)
        {
            var number = match.Groups["n"].Success ? int.Parse(match.Groups["n"].Value, CultureInfo.InvariantCulture) : 1;
            return new(match.Groups["unit"].Value.ToLowerInvariant() switch
            {
                "day" => today.AddDays(-number),
                "week" => today.AddDays(-7 * number),
                "month" => today.AddMonths(-number),
                _ => today.AddYears(-number),
            }, today);
        }

        return Word().Match(text).Value.ToLowerInvariant() switch
        {
            "today" => new(today, today),
            "yesterday" => new(today.AddDays(-1), today.AddDays(-1)),
            "this week" => new(monday, today),
            "last week" => new(monday.AddDays(-7), monday.AddDays(-1)),
            "this month" => new(first, today),
            "last month" => new(first.AddMonths(-1), first.AddDays(-1)),
            "this year" => new(new(today.Year, 1, 1), today),
            "last year" => new(new(today.Year - 1, 1, 1), new(today.Year - 1, 12, 31)),
            _ => null,
        };
    }

    private static DateRange? Month(string text, DateOnly today)
    {
        if (NamedMonth().Match(text) is not { Success: true } match)
        {
            return null;
        }

        var month = MonthNumber(match.Groups["month"].Value);
        var year = match.Groups["year"].Success ? int.Parse(match.Groups["year"].Value, CultureInfo.InvariantCulture)
            : month > today.Month ? today.Year - 1 : today.Year;
        var first = new DateOnly(year, month, 1);

        return match.Groups["word"].Value.ToLowerInvariant() switch
        {
            "since" or "after" or "from" => new(first, null),
            "until" or "before" => new(null, first.AddDays(-1)),
            _ => new(first, first.AddMonths(1).AddDays(-1)),
        };
    }

    private static int MonthNumber(string name) => Array.IndexOf(Months.Split('|'), name.ToLowerInvariant()) + 1;

    [GeneratedRegex(@"\b\d{4}-\d{2}-\d{2}\b")]
    private static partial Regex IsoDate();

    [GeneratedRegex($@"\b(?<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?<month>{Months})\b(?:,? (?<year>20\d\d))?", RegexOptions.IgnoreCase)]
    private static partial Regex DayAndMonth();

    [GeneratedRegex($@"\b(?<word>since|after|from|until|before|in|during|of|for) (?:last )?(?<month>{Months})\b(?:,? (?<year>20\d\d))?", RegexOptions.IgnoreCase)]
    private static partial Regex NamedMonth();

    [GeneratedRegex(@"\b(?:last|past|previous) (?:(?<n>\d{1,3}) (?<unit>day|week|month|year)s?|(?:few )?(?<unit>day|week|month|year)s)\b", RegexOptions.IgnoreCase)]
    private static partial Regex LastDays();

    [GeneratedRegex(@"\b(?:today|yesterday|(?:this|last) (?:week|month|year))\b", RegexOptions.IgnoreCase)]
    private static partial Regex Word();

    [GeneratedRegex(@"\b(?:since|after|from|starting)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Since();

    [GeneratedRegex(@"\b(?:until|before|up to)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Until();
}
