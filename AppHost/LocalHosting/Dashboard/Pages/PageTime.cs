namespace Aspire.Hosting.Dashboard.Pages;

/// <summary>Times as pages get them: milliseconds since the epoch, with a fraction.</summary>
internal static class PageTime
{
    // To the microsecond, which is as fine as a double tells of our time.
    public static double Of(ulong nanoseconds) => nanoseconds / 1_000 / 1e3;

    public static double Of(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).TotalMilliseconds;

    /// <summary>Of a span of time within a trace, exact even though the times themselves are not.</summary>
    public static double Since(ulong start, ulong nanoseconds) => ((long)(nanoseconds - start)) / 1e6;
}
