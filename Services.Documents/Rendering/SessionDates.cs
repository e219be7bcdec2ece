using System.Globalization;
using AiPlatform.Services.Documents.Sources;

namespace AiPlatform.Services.Documents.Rendering;

/// <summary>Dates as documents write them: 20 November 2026. The day is that of the time's own offset.</summary>
internal static class SessionDates
{
    public static string Format(DateTimeOffset time) => time.ToString("d MMMM yyyy", CultureInfo.InvariantCulture);

    public static string Of(IReadOnlyList<SourceSession> sessions) =>
        string.Join(", ", sessions.Select(session => Format(session.StartedAt)).Distinct());
}
