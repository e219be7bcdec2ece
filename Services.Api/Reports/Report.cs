namespace AiPlatform.Services.Api.Reports;

/// <summary>A report as it was made once; never changed.</summary>
/// <param name="FirstDay">The first of its days, in the practice's time zone then; <paramref name="LastDay"/> is the last.</param>
internal sealed record Report(
    Guid Id, string ReportType, Guid ClientId, DateOnly FirstDay, DateOnly LastDay, string TimeZone, ReportContent Content, Guid CreatedBy,
    DateTimeOffset CreatedAt);

/// <summary>A report as a list shows it.</summary>
internal sealed record ReportHead(
    Guid Id, string ReportType, Guid ClientId, DateOnly FirstDay, DateOnly LastDay, Guid CreatedBy, DateTimeOffset CreatedAt);

/// <summary>The kinds of reports, on the wire and in the table.</summary>
internal static class ReportTypes
{
    public const string SessionSummary = "session_summary";
    public const string TreatmentProgress = "treatment_progress";
    public const string BillingSummary = "billing_summary";

    /// <summary>Those that say how somebody is treated.</summary>
    public static readonly IReadOnlyList<string> Clinical = [SessionSummary, TreatmentProgress];
}
