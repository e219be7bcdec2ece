using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text;
using System.Text.Json;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.ServiceDefaults.Writes;
using AiPlatform.Services.Api.Audit;
using AiPlatform.Services.Api.Http;
using AiPlatform.Services.Api.OpenApi;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace AiPlatform.Services.Api.Reports;

internal static class ReportEndpoints
{
    public static RouteGroupBuilder MapReports(this RouteGroupBuilder group)
    {
        group.WithTags("Reports");
        group.MapPost("/", CreateAsync).WithName("CreateReport")
            .WithLocation()
            .WithProblems(400, "report.invalid", "date_range.invalid")
            .WithProblems(403, "report.forbidden")
            .WithProblems(404, "client.not_found", "practice.not_found")
            .WithProblems(422, "report.range_too_large");
        group.MapGet("/", ListAsync).WithName("ListReports").WithProblems(403, "report.forbidden");
        group.MapGet("/{id:guid}", GetAsync).WithName("GetReport")
            .WithProblems(403, "report.forbidden")
            .WithProblems(404, "report.not_found");
        group.MapGet("/{id:guid}/download", DownloadAsync).WithName("DownloadReport")
            .Produces<string>(StatusCodes.Status200OK, "text/markdown", "text/csv")
            .Produces<ReportResponse>()
            .WithProblems(403, "report.forbidden")
            .WithProblems(404, "report.not_found");
        return group;
    }

    /// <summary>Makes a report of a client from the practice's records and keeps it as it is.</summary>
    /// <remarks>Nothing is concluded: it counts, and quotes what records say, each statement with its sources. No words of a transcript are in it.</remarks>
    internal static async Task<Results<Created<ReportResponse>, Ok<ReportResponse>>> CreateAsync(
        ReportService reports,
        CurrentUser user,
        [FromHeader(Name = WriteKey.Header)] string? idempotencyKey,
        JsonBody<CreateReportRequest> body,
        HttpContext context,
        CancellationToken cancellationToken)
    {
        _ = ReportAccess.TypesOf(user);
        var (request, key) = await body.ReadWithKeyAsync(user, idempotencyKey, cancellationToken);
        var (report, created) = await reports.CreateAsync(user, request, key, cancellationToken);
        return context.CreatedOnce(created, $"/api/v1/reports/{report.Id}", version: null, ToResponse(report));
    }

    /// <summary>Lists reports on clients that the caller sees, of the types that their role reads, newest first.</summary>
    /// <param name="clientId" example="0a000000-0000-7000-8000-000000000301">Those of one client.</param>
    /// <param name="reportType" example="session_summary">Those of one type.</param>
    internal static async Task<Ok<ReportListResponse>> ListAsync(
        ReportService reports,
        CurrentUser user,
        Guid? clientId,
        [AllowedValues(null, ReportTypes.SessionSummary, ReportTypes.TreatmentProgress, ReportTypes.BillingSummary)] string? reportType,
        [Range(1, 200)] int? limit,
        [StringLength(100)] string? cursor,
        CancellationToken cancellationToken)
    {
        var size = limit ?? 50;
        var found = await reports.ListAsync(user, clientId, reportType, TimeCursor.Parse(cursor), size + 1, cancellationToken);
        var (page, next) = TimeCursor.Page(found, size, item => new(item.CreatedAt, item.Id));
        return TypedResults.Ok(new ReportListResponse(
            [.. page.Select(item => new ReportListItemResponse(
                item.Id, item.ReportType, item.ClientId, new(item.FirstDay, item.LastDay), item.CreatedBy, item.CreatedAt))],
            next));
    }

    /// <summary>Shows a report as it was made.</summary>
    internal static async Task<Ok<ReportResponse>> GetAsync(
        Guid id, ReportService reports, CurrentUser user, CancellationToken cancellationToken) =>
        TypedResults.Ok(ToResponse(await reports.FindAsync(user, id, AuditActions.ReportRead, cancellationToken)));

    /// <summary>Gives a report as a file.</summary>
    /// <param name="format" example="markdown">markdown, csv or json; markdown when absent.</param>
    internal static async Task<FileContentHttpResult> DownloadAsync(
        Guid id,
        ReportService reports,
        CurrentUser user,
        [AllowedValues(null, "markdown", "csv", "json")] string? format,
        HttpContext context,
        CancellationToken cancellationToken)
    {
        var report = await reports.FindAsync(user, id, AuditActions.ReportDownloaded, cancellationToken);
        var (text, type, extension) = format switch
        {
            "csv" => (ReportCsv.Write(report), "text/csv; charset=utf-8", "csv"),
            "json" => (JsonSerializer.Serialize(ToResponse(report), ReportJsonContext.Default.ReportResponse), "application/json; charset=utf-8", "json"),
            _ => (ReportMarkdown.Write(report), "text/markdown; charset=utf-8", "md"),
        };
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers.CacheControl = "no-store";

        // No name of anybody: it stays behind in download folders.
        var name = string.Create(CultureInfo.InvariantCulture, $"{report.ReportType}_{report.FirstDay:yyyy-MM-dd}_{report.LastDay:yyyy-MM-dd}_{report.Id}.{extension}");
        return TypedResults.File(Encoding.UTF8.GetBytes(text), type, name);
    }

    private static ReportResponse ToResponse(Report from) =>
        new(from.Id, from.ReportType, from.ClientId, new(from.FirstDay, from.LastDay), from.TimeZone, from.Content.Title, from.Content.Figures,
            from.Content.Sections, from.CreatedBy, from.CreatedAt);
}
