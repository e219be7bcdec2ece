namespace AiPlatform.Services.Api.Practices;

/// <summary>A day of the calendar in a time zone, as moments: 23 or 25 hours long where the clocks change.</summary>
/// <param name="End">Exclusive: the beginning of the next day.</param>
internal readonly record struct LocalDay(DateOnly Date, DateTimeOffset Start, DateTimeOffset End)
{
    public static LocalDay Of(DateOnly date, TimeZoneInfo zone) => new(date, StartOf(date, zone), StartOf(date.AddDays(1), zone));

    public static LocalDay At(DateTimeOffset moment, TimeZoneInfo zone) => Of(DateAt(moment, zone), zone);

    public static DateOnly DateAt(DateTimeOffset moment, TimeZoneInfo zone) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(moment, zone).DateTime);

    /// <summary>The first moment of the day, in UTC.</summary>
    public static DateTimeOffset StartOf(DateOnly date, TimeZoneInfo zone)
    {
        var midnight = date.ToDateTime(TimeOnly.MinValue, DateTimeKind.Unspecified);

        // Where clocks go forward at midnight the day begins at one o'clock.
        while (zone.IsInvalidTime(midnight))
        {
            midnight = midnight.AddMinutes(1);
        }

        // Where they go back to midnight it comes twice, and the day begins the first time: with the larger offset.
        var offset = zone.IsAmbiguousTime(midnight) ? zone.GetAmbiguousTimeOffsets(midnight).Max() : zone.GetUtcOffset(midnight);
        return new DateTimeOffset(midnight, offset).ToUniversalTime();
    }
}
