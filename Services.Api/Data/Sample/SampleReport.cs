using System.Data.Common;
using System.Text.Json;
using AiPlatform.Services.Api.Reports;

namespace AiPlatform.Services.Api.Data.Sample;

/// <summary>A report that somebody made of an invented client's records, as the service makes it.</summary>
internal sealed record SampleReport(
    Guid Id, Guid PracticeId, string ReportType, Guid ClientId, DateOnly FirstDay, DateOnly LastDay, string TimeZone, ReportContent Content,
    Guid CreatedBy, DateTimeOffset CreatedAt)
{
    public static Task InsertAsync(
        DbConnection connection, DbTransaction transaction, IReadOnlyList<SampleReport> reports, CancellationToken cancellationToken) =>
        MultiRowInsert.ExecuteAsync(
            connection,
            transaction,
            """
            insert ignore into reports
                (id, practice_id, report_type, client_id, first_day, last_day, time_zone, content, created_by, created_at)
            """,
            reports.Select(report => (object?[])
            [
                report.Id, report.PracticeId, report.ReportType, report.ClientId, report.FirstDay, report.LastDay, report.TimeZone,
                JsonSerializer.Serialize(report.Content, ReportJsonContext.Default.ReportContent), report.CreatedBy, report.CreatedAt,
            ]),
            cancellationToken);
}
