using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using AiPlatform.Services.Api.Statistics;

namespace AiPlatform.Services.Api.Reports;

/// <summary>Which report to make.</summary>
/// <param name="ReportType">session_summary, treatment_progress or billing_summary.</param>
/// <param name="ClientId">Whose report it is.</param>
/// <param name="DateRange">Days of the practice, both included, shorter than five years; the last thirty when absent.</param>
/// <example>{"reportType":"session_summary","clientId":"0a000000-0000-7000-8000-000000000301","dateRange":{"from":"2026-11-01","to":"2026-11-30"}}</example>
public sealed record CreateReportRequest(
    [Required, AllowedValues(ReportTypes.SessionSummary, ReportTypes.TreatmentProgress, ReportTypes.BillingSummary)] string? ReportType,
    [Required] Guid? ClientId, ReportRangeRequest? DateRange);

/// <summary>Days of the practice.</summary>
/// <param name="From">The first; thirty days up to the last when absent.</param>
/// <param name="To">The last, included; today when absent.</param>
public sealed record ReportRangeRequest(DateOnly? From, DateOnly? To);

/// <summary>A report as it was made; it never changes.</summary>
/// <param name="ReportType">session_summary, treatment_progress or billing_summary.</param>
/// <param name="DateRange">Its days.</param>
/// <param name="TimeZone">The practice's at that time: the days of the report are days there.</param>
/// <param name="Figures">What can be counted.</param>
/// <param name="Sections">What the records say.</param>
/// <param name="CreatedBy">The user who made it.</param>
/// <example>{"id":"0a000000-0000-7000-8000-000000000c01","reportType":"session_summary","clientId":"0a000000-0000-7000-8000-000000000301","dateRange":{"from":"2026-11-01","to":"2026-11-30"},"timeZone":"Europe/London","title":"Session summary: Maya Lindqvist, 1 November 2026 to 30 November 2026","figures":[{"name":"sessionsHeld","value":1,"unit":"sessions"}],"sections":[{"heading":"Sessions","statements":[{"text":"10 November 2026, 09:00: \"Sunday evenings\", held, 14 minutes, with Nora Berg.","sources":[{"type":"session","id":"0a000000-0000-7000-8000-000000040104"}]}]}],"createdBy":"0a000000-0000-7000-8000-000000000201","createdAt":"2026-11-20T17:00:00Z"}</example>
public sealed record ReportResponse(
    Guid Id, string ReportType, Guid ClientId, DateRangeResponse DateRange, string TimeZone, string Title, IReadOnlyList<ReportFigure> Figures,
    IReadOnlyList<ReportSection> Sections, Guid CreatedBy, DateTimeOffset CreatedAt);

/// <summary>A report as a list shows it.</summary>
/// <param name="ReportType">session_summary, treatment_progress or billing_summary.</param>
/// <param name="DateRange">Its days.</param>
/// <param name="CreatedBy">The user who made it.</param>
/// <example>{"id":"0a000000-0000-7000-8000-000000000c01","reportType":"session_summary","clientId":"0a000000-0000-7000-8000-000000000301","dateRange":{"from":"2026-11-01","to":"2026-11-30"},"createdBy":"0a000000-0000-7000-8000-000000000201","createdAt":"2026-11-20T17:00:00Z"}</example>
public sealed record ReportListItemResponse(
    Guid Id, string ReportType, Guid ClientId, DateRangeResponse DateRange, Guid CreatedBy, DateTimeOffset CreatedAt);

/// <summary>A page of reports.</summary>
public sealed record ReportListResponse(
    IReadOnlyList<ReportListItemResponse> Items,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? NextCursor);

/// <summary>What a report says: figures, and statements that are each taken from a record.</summary>
public sealed record ReportContent(string Title, IReadOnlyList<ReportFigure> Figures, IReadOnlyList<ReportSection> Sections);

/// <summary>Something counted.</summary>
/// <param name="Name">camelCase, the same for every report of a type.</param>
/// <param name="Value">Null when there is nothing to tell it from.</param>
/// <param name="Unit">sessions, minutes, assignments, submissions, points (of a scale from 1 to 10), or a currency's minor units.</param>
public sealed record ReportFigure(string Name, decimal? Value, string Unit);

/// <summary>Statements of one kind.</summary>
/// <param name="Heading">What they are about.</param>
/// <param name="Statements">None when nothing is recorded.</param>
public sealed record ReportSection(string Heading, IReadOnlyList<ReportStatement> Statements);

/// <summary>Something that records say.</summary>
/// <param name="Text">In words.</param>
/// <param name="Sources">The records it is taken from.</param>
public sealed record ReportStatement(string Text, IReadOnlyList<ReportSource> Sources);

/// <summary>A record.</summary>
/// <param name="Type">client, session, homework, homework_result or mood.</param>
public sealed record ReportSource(string Type, Guid Id);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(CreateReportRequest))]
[JsonSerializable(typeof(ReportResponse))]
[JsonSerializable(typeof(ReportListResponse))]
[JsonSerializable(typeof(ReportContent))]
internal sealed partial class ReportJsonContext : JsonSerializerContext;
