namespace AiPlatform.Services.Api.ClinicalSessions.Analysis;

/// <summary>
/// Topics that are spoken of together. From the most frequent on, each topic takes along those it shares two segments with; who is taken
/// begins no theme of its own.
/// </summary>
internal static class Themes
{
    private const int Most = 5;
    private const int SharedSegments = 2;

    public static IReadOnlyList<ThemeResponse> Find(IReadOnlyList<AnalyzedSegment> segments, IReadOnlyList<Topic> topics)
    {
        var themes = new List<ThemeResponse>();
        var free = topics.ToList();
        while (free.Count > 0 && themes.Count < Most)
        {
            var first = free[0];
            List<Topic> together = [first, .. free.Skip(1).Where(other => other.Segments.Intersect(first.Segments).Count() >= SharedSegments)];
            free.RemoveAll(together.Contains);
            if (together.Count > 1)
            {
                themes.Add(ToTheme(segments, together));
            }
        }

        return themes;
    }

    private static ThemeResponse ToTheme(IReadOnlyList<AnalyzedSegment> segments, List<Topic> topics)
    {
        // How many of the theme's topics each segment has; all that have two.
        var places = topics.SelectMany(topic => topic.Segments).CountBy(index => index).Where(place => place.Value > 1).OrderBy(place => place.Key).ToList();
        return new(
            [.. topics.Select(topic => topic.Term)],
            [.. places.Select(place => place.Key)],
            segments[places.MaxBy(place => place.Value).Key].Quote());
    }
}
