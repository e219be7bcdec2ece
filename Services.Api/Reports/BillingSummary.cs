using AiPlatform.Services.Api.ClinicalSessions;
using AiPlatform.Services.Api.Practices;
using AiPlatform.Services.Api.Practitioners;
using static AiPlatform.Services.Api.Reports.ReportMatter;

namespace AiPlatform.Services.Api.Reports;

/// <summary>The held sessions of the days at the fees as they are when the report is made. Titles stay out: they may tell what a session was about.</summary>
internal static class BillingSummary
{
    public static ReportContent Write(ReportMatter matter)
    {
        var lines = matter.SessionsThat(SessionStatus.Held)
            .Select(session => (Session: session, Fee: SessionFees.Of(matter.Practice, matter.Practitioners.GetValueOrDefault(session.PractitionerId))))
            .ToList();
        var unit = matter.Practice.Currency is { } currency ? $"{currency} minor units" : "minor units";
        var amount = lines.Sum(line => (long)(line.Fee ?? 0));
        return new(
            matter.Title("Billing summary"),
            [
                new("sessionsHeld", lines.Count, "sessions"),
                new("sessionsWithoutFee", lines.Count(line => line.Fee is null), "sessions"),
                new("amount", amount, unit),
            ],
            [new("Held sessions", [.. lines.Select(line => new ReportStatement(Describe(matter, line.Session, line.Fee), [Source(line.Session)]))])]);
    }

    // 2 June 2026, 14 minutes, with Nora Berg: 75.00 GBP.
    private static string Describe(ReportMatter matter, Appointment session, int? fee)
    {
        var practitioner = matter.Practitioners.TryGetValue(session.PractitionerId, out var known) ? $", with {known.Name}" : "";
        var price = fee is { } minor ? Currencies.Format(minor, matter.Practice.Currency!) : "no fee is set";
        return $"{matter.Day(session.StartedAt)}, {Count(Minutes(session), "minute", "minutes")}{practitioner}: {price}.";
    }
}
