namespace AiPlatform.Services.Api.Practices;

/// <summary>The offsets of a time zone during a span, for a database that knows no time zones: each holds from its moment on.</summary>
internal static class ZoneOffsets
{
    public static IReadOnlyList<(DateTimeOffset From, TimeSpan Offset)> Of(TimeZoneInfo zone, DateTimeOffset from, DateTimeOffset to)
    {
        List<(DateTimeOffset From, TimeSpan Offset)> offsets = [(from, zone.GetUtcOffset(from))];
        for (var day = from; day < to; day += TimeSpan.FromDays(1))
        {
            // No zone changes twice within a day.
            if (zone.GetUtcOffset(day + TimeSpan.FromDays(1)) is var next && next != offsets[^1].Offset)
            {
                offsets.Add((FindChange(zone, day, offsets[^1].Offset), next));
            }
        }

        return offsets;
    }

    // The first minute of the day after which the offset is another one.
    private static DateTimeOffset FindChange(TimeZoneInfo zone, DateTimeOffset day, TimeSpan before)
    {
        var (low, high) = (0, 24 * 60);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = zone.GetUtcOffset(day + TimeSpan.FromMinutes(middle)) == before ? (middle + 1, high) : (low, middle);
        }

        return day + TimeSpan.FromMinutes(low);
    }
}
