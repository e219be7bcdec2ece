using AiPlatform.Services.Api.ClinicalSessions;
using static AiPlatform.Services.Api.Reports.ReportMatter;

namespace AiPlatform.Services.Api.Reports;

/// <summary>
/// Every session of the days in a line, from its record and not from its transcript: a report is kept, and a transcript may be erased.
/// </summary>
internal static class SessionSummary
{
    public static ReportContent Write(ReportMatter matter)
    {
        var held = matter.SessionsThat(SessionStatus.Held);
        return new(
            matter.Title("Session summary"),
            [
                new("sessionsHeld", held.Count, "sessions"),
                new("sessionsPlanned", matter.SessionsThat(SessionStatus.Planned).Count, "sessions"),
                new("sessionsCancelled", matter.SessionsThat(SessionStatus.Cancelled).Count, "sessions"),
                new("timeHeld", held.Sum(Minutes), "minutes"),
            ],
            [new("Sessions", [.. matter.Sessions.Select(session => new ReportStatement(Describe(matter, session), [Source(session)]))])]);
    }

    // 2 June 2026, 09:00: "First meeting", held, 14 minutes, with Nora Berg.
    private static string Describe(ReportMatter matter, Appointment session)
    {
        var practitioner = matter.Practitioners.TryGetValue(session.PractitionerId, out var known) ? $", with {known.Name}" : "";
        return $"{matter.Moment(session.StartedAt)}: \"{session.Title}\", {session.Status}, {Count(Minutes(session), "minute", "minutes")}{practitioner}.";
    }
}
