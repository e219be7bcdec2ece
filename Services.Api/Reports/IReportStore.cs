using AiPlatform.ServiceDefaults.Writes;
using AiPlatform.Services.Api.Audit;
using AiPlatform.Services.Api.Clients;
using AiPlatform.Services.Api.Http;

namespace AiPlatform.Services.Api.Reports;

internal interface IReportStore
{
    /// <summary>Stores the report and its audit event in one transaction.</summary>
    /// <returns>The id of the report of this key, and whether this call made it.</returns>
    Task<(Guid Id, bool Created)> AddAsync(Guid practiceId, WriteKey key, Report report, AuditEntry audited, CancellationToken cancellationToken);

    /// <returns>Null when there is no such report, or its client lies outside the scope.</returns>
    Task<Report?> FindAsync(Guid practiceId, ClientScope scope, Guid id, CancellationToken cancellationToken);

    /// <summary>Reports on the scope's clients, newest first, from the cursor's place on.</summary>
    Task<IReadOnlyList<ReportHead>> ListAsync(Guid practiceId, ReportFilter filter, CancellationToken cancellationToken);
}

/// <param name="ClientId">Null for every one of the scope.</param>
/// <param name="Types">None matches no report.</param>
internal sealed record ReportFilter(ClientScope Scope, Guid? ClientId, IReadOnlyList<string> Types, TimeCursor? After, int Limit);
