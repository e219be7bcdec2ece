using System.Globalization;
using AiPlatform.ServiceDefaults.Errors;

namespace AiPlatform.Services.Api.Practices;

/// <summary>Days of a practice, both ends included.</summary>
internal readonly record struct DateRange(DateOnly From, DateOnly To)
{
    private const int DefaultDays = 30;
    private const int MaxYears = 5;
    private static readonly DateOnly Earliest = new(1990, 1, 1);
    private static readonly DateOnly Latest = new(2100, 12, 31);

    /// <param name="prefix">Of the fields' names: <c>dateRange.</c>, or nothing.</param>
    /// <param name="today">Where a range without an end ends; without a beginning it has thirty days.</param>
    /// <exception cref="DomainException">It ends before it begins, is longer than five years or lies outside of the calendar kept here.</exception>
    public static DateRange Check(DateOnly? from, DateOnly? to, DateOnly today, string prefix = "")
    {
        var end = to ?? (from > today ? from.Value : today);
        EnsureKept(end, $"{prefix}to");
        var begin = from ?? end.AddDays(1 - DefaultDays);
        EnsureKept(begin, $"{prefix}from");
        if (begin > end)
        {
            throw Invalid($"{prefix}from", "The range ends before it begins.");
        }

        return begin.AddYears(MaxYears) > end ? new(begin, end) : throw Invalid($"{prefix}to", $"A range is shorter than {MaxYears} years.");
    }

    /// <param name="text">2026-11-20, or nothing.</param>
    public static DateOnly? Read(string? text, string field) =>
        string.IsNullOrEmpty(text) ? null
        : DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date
        : throw Invalid(field, "A date is needed, as 2026-11-20.");

    private static void EnsureKept(DateOnly date, string field)
    {
        if (date < Earliest || date > Latest)
        {
            throw Invalid(field, $"A date from {Earliest:yyyy-MM-dd} to {Latest:yyyy-MM-dd} is needed.");
        }
    }

    private static DomainException Invalid(string field, string message) =>
        new(DomainErrorKind.Invalid, "date_range.invalid", message) { Errors = [new(field, message, "date_range.invalid")] };
}
