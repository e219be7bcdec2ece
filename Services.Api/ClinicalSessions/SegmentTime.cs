namespace AiPlatform.Services.Api.ClinicalSessions;

/// <summary>A place in a recording as it is told.</summary>
internal static class SegmentTime
{
    /// <returns>01:02:03 from the session's beginning.</returns>
    public static string Clock(int startMs)
    {
        var start = TimeSpan.FromMilliseconds(startMs);
        return $"{(int)start.TotalHours:00}:{start.Minutes:00}:{start.Seconds:00}";
    }

    public static double Seconds(int startMs) => startMs / 1000d;
}
