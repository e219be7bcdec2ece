namespace AiPlatform.Services.Api.Mood;

/// <summary>Where a mood is going, from the straight line through its entries.</summary>
internal static class MoodTrend
{
    // Two entries are always a line, and one bad day is none.
    private const int FewestEntries = 3;
    private const double NoticeablePerWeek = 0.5;

    public static MoodTrendResponse From(MoodFigures figures)
    {
        double? perWeek = figures.Count >= FewestEntries && figures.SlopePerDay is { } slope ? Math.Round(slope * 7, 2) : null;
        var direction = perWeek switch
        {
            null => "unknown",
            >= NoticeablePerWeek => "rising",
            <= -NoticeablePerWeek => "falling",
            _ => "steady",
        };
        return new(direction, perWeek, figures.Average is { } average ? Math.Round(average, 2) : null, figures.Lowest, figures.Highest, figures.Count);
    }
}
