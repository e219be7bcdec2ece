using System.Globalization;
using AiPlatform.Services.Api.Practices;

namespace AiPlatform.Services.Api.Tests.Practices;

public sealed class LocalDayTests
{
    [Theory]
    [InlineData("2026-11-20", "Europe/London", "2026-11-20T00:00:00Z", 24)]
    [InlineData("2026-03-29", "Europe/London", "2026-03-29T00:00:00Z", 23)]
    [InlineData("2026-10-25", "Europe/London", "2026-10-24T23:00:00Z", 25)]
    [InlineData("2026-04-05", "Australia/Lord_Howe", "2026-04-04T13:00:00Z", 24.5)]

    // Clocks go forward at midnight: the day begins at one.
    [InlineData("2026-04-24", "Africa/Cairo", "2026-04-23T22:00:00Z", 23)]

    // Clocks go back at midnight to eleven: the day before has 25 hours.
    [InlineData("2018-02-17", "America/Sao_Paulo", "2018-02-17T02:00:00Z", 25)]

    // Clocks go back from one to midnight: that midnight comes twice, and the day begins the first time.
    [InlineData("2026-11-01", "America/Havana", "2026-11-01T04:00:00Z", 25)]
    [InlineData("2026-11-20", "Pacific/Kiritimati", "2026-11-19T10:00:00Z", 24)]
    public void Of_Date_BeginsAndEndsAsItsClocksSay(string date, string zone, string start, double hours)
    {
        var day = LocalDay.Of(DateOnly.Parse(date, CultureInfo.InvariantCulture), TimeZoneInfo.FindSystemTimeZoneById(zone));

        Assert.Equal((DateTimeOffset.Parse(start, CultureInfo.InvariantCulture), TimeSpan.FromHours(hours)), (day.Start, day.End - day.Start));
    }

    [Theory]
    [InlineData("2026-11-20T10:30:00Z", "Pacific/Auckland", "2026-11-20")]
    [InlineData("2026-11-20T11:30:00Z", "Pacific/Auckland", "2026-11-21")]
    [InlineData("2026-11-20T04:59:00Z", "America/New_York", "2026-11-19")]
    public void At_Moment_IsTheDayOfTheZone(string moment, string zone, string date) =>
        Assert.Equal(
            DateOnly.Parse(date, CultureInfo.InvariantCulture),
            LocalDay.At(DateTimeOffset.Parse(moment, CultureInfo.InvariantCulture), TimeZoneInfo.FindSystemTimeZoneById(zone)).Date);

    [Theory]
    [InlineData("Europe/London", 11)]
    [InlineData("Australia/Lord_Howe", 11)]
    [InlineData("UTC", 1)]
    public void Offsets_OfFiveYears_AreTheZonesAtEveryHour(string name, int count)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(name);
        var (from, to) = (new DateTimeOffset(2021, 11, 20, 13, 0, 0, TimeSpan.Zero), new DateTimeOffset(2026, 11, 20, 13, 0, 0, TimeSpan.Zero));

        var offsets = ZoneOffsets.Of(zone, from, to);

        Assert.Equal(count, offsets.Count);
        for (var hour = from; hour < to; hour += TimeSpan.FromMinutes(30))
        {
            Assert.Equal(zone.GetUtcOffset(hour), offsets.Last(offset => offset.From <= hour).Offset);
        }
    }
}
