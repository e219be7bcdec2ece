using AiPlatform.ServiceDefaults.Security;
using AiPlatform.ServiceDefaults.Writes;
using AiPlatform.Services.Api.Audit;
using AiPlatform.Services.Api.Clients;
using AiPlatform.Services.Api.Http;
using AiPlatform.Services.Api.Practices;

namespace AiPlatform.Services.Api.Reports;

/// <summary>Making reports from the practice's records, and reading them as they were made.</summary>
internal sealed partial class ReportService(
    IReportStore reports, ReportReader reader, ClientGate gate, PracticeService practices, AuditQueue audit, TimeProvider timeProvider,
    ILogger<ReportService> logger)
{
    public async Task<(Report Report, bool Created)> CreateAsync(
        CurrentUser user, CreateReportRequest request, WriteKey key, CancellationToken cancellationToken)
    {
        var faults = new Faults("report.invalid");
        if (request.ReportType is not (ReportTypes.SessionSummary or ReportTypes.TreatmentProgress or ReportTypes.BillingSummary))
        {
            faults.Add("reportType", "report.type_unknown", "The type is session_summary, treatment_progress or billing_summary.");
        }

        if (request.ClientId is null)
        {
            faults.Add("clientId", "report.client_required", "A report is of a client.");
        }

        faults.Throw();
        var type = request.ReportType!;
        ReportAccess.EnsureMayUse(user, type);

        var now = timeProvider.GetUtcNow();
        var practice = await practices.FindAsync(user.PracticeId, cancellationToken);
        var zone = TimeZones.Find(practice.TimeZone);
        var range = DateRange.Check(request.DateRange?.From, request.DateRange?.To, LocalDay.DateAt(now, zone), "dateRange.");
        var scope = await gate.ScopeOfAsync(user, cancellationToken);
        var client = await gate.FindAsync(user, request.ClientId!.Value, cancellationToken) ?? throw ClientAccess.NotFound();
        var matter = await reader.ReadAsync(practice, client, range, zone, now, clinical: ReportTypes.Clinical.Contains(type), cancellationToken);
        var report = new Report(
            Guid.CreateVersion7(now), type, client.Id, range.From, range.To, practice.TimeZone, Write(type, matter), user.UserId, now);
        var audited = AuditEntry.By(user, AuditActions.ReportCreated, AuditRecords.Report, report.Id, now);
        var (id, created) = await reports.AddAsync(user.PracticeId, key, report, audited, cancellationToken);
        if (created)
        {
            LogCreated(id, type);
        }

        return (await reports.FindAsync(user.PracticeId, scope, id, cancellationToken) ?? throw ClientAccess.NotFound(), created);
    }

    /// <param name="reportType">Null for every one that the caller reads.</param>
    public async Task<IReadOnlyList<ReportHead>> ListAsync(
        CurrentUser user, Guid? clientId, string? reportType, TimeCursor? after, int limit, CancellationToken cancellationToken)
    {
        List<string> types = [.. ReportAccess.TypesOf(user).Where(type => reportType is null || type == reportType)];
        var scope = await gate.ScopeOfAsync(user, cancellationToken);
        return await reports.ListAsync(user.PracticeId, new(scope, clientId, types, after, limit), cancellationToken);
    }

    /// <param name="action">How it is read.</param>
    public async Task<Report> FindAsync(CurrentUser user, Guid id, string action, CancellationToken cancellationToken)
    {
        var types = ReportAccess.TypesOf(user);
        var scope = await gate.ScopeOfAsync(user, cancellationToken);
        var found = await reports.FindAsync(user.PracticeId, scope, id, cancellationToken);
        var outcome = found is not null && types.Contains(found.ReportType) ? AuditOutcomes.Success : AuditOutcomes.Refused;
        await audit.RecordAsync(
            user.PracticeId, AuditEntry.By(user, action, AuditRecords.Report, id, timeProvider.GetUtcNow(), outcome), cancellationToken);
        ReportAccess.EnsureMayUse(user, found?.ReportType ?? throw ReportAccess.NotFound());
        return found;
    }

    private static ReportContent Write(string type, ReportMatter matter) => type switch
    {
        ReportTypes.SessionSummary => SessionSummary.Write(matter),
        ReportTypes.TreatmentProgress => TreatmentProgress.Write(matter),
        ReportTypes.BillingSummary => BillingSummary.Write(matter),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Not a type of report."),
    };

    [LoggerMessage(LogLevel.Information, "Made report {ReportId} of type {ReportType}.")]
    private partial void LogCreated(Guid reportId, string reportType);
}
