using System.Text.Json;
using AiPlatform.ServiceDefaults.Data;
using AiPlatform.ServiceDefaults.Writes;
using AiPlatform.Services.Api.Audit;
using AiPlatform.Services.Api.Clients;
using Dapper;

namespace AiPlatform.Services.Api.Reports;

internal sealed class MySqlReportStore(Database database, CreateOnce creates, AuditTrail audit) : IReportStore
{
    public Task<(Guid Id, bool Created)> AddAsync(
        Guid practiceId, WriteKey key, Report report, AuditEntry audited, CancellationToken cancellationToken)
    {
        var parameters = new DynamicParameters(Row.From(report));
        parameters.Add("practiceId", practiceId);
        return creates.RunAsync(
            practiceId, key, report.Id, report.CreatedAt,
            async (connection, transaction, token) =>
            {
                await connection.ExecuteAsync(new CommandDefinition(
                    """
                    insert into reports
                        (id, practice_id, report_type, client_id, first_day, last_day, time_zone, content, created_by, created_at)
                    values (@Id, @practiceId, @ReportType, @ClientId, @FirstDay, @LastDay, @TimeZone, @Content, @CreatedBy, @CreatedAt)
                    """,
                    parameters,
                    transaction,
                    cancellationToken: token));
                await audit.AppendAsync(connection, transaction, practiceId, audited, token);
            },
            cancellationToken);
    }

    public Task<Report?> FindAsync(Guid practiceId, ClientScope scope, Guid id, CancellationToken cancellationToken)
    {
        var parameters = new DynamicParameters(new { practiceId, id });
        scope.AddTo(parameters);
        return database.RunAsync(
            async (connection, token) => (await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
                $"""
                select r.id, r.report_type, r.client_id, r.first_day, r.last_day, r.time_zone, r.content, r.created_by, r.created_at
                from reports r
                where r.id = @id and r.practice_id = @practiceId and {scope.Condition("r.client_id")}
                """,
                parameters,
                cancellationToken: token)))?.ToReport(),
            cancellationToken);
    }

    public async Task<IReadOnlyList<ReportHead>> ListAsync(Guid practiceId, ReportFilter filter, CancellationToken cancellationToken)
    {
        if (filter.Types.Count == 0)
        {
            return [];
        }

        var parameters = new DynamicParameters(
            new { practiceId, filter.ClientId, filter.Types, filter.Limit, afterTime = filter.After?.Time, afterId = filter.After?.Id });
        filter.Scope.AddTo(parameters);
        var client = filter.ClientId is null ? "" : "and r.client_id = @ClientId";
        var place = filter.After is null ? "" : "and r.created_at <= @afterTime and (r.created_at < @afterTime or r.id < @afterId)";
        return await database.RunAsync<IReadOnlyList<ReportHead>>(
            async (connection, token) => [.. await connection.QueryAsync<ReportHead>(new CommandDefinition(
                $"""
                select r.id, r.report_type, r.client_id, r.first_day, r.last_day, r.created_by, r.created_at
                from reports r
                where r.practice_id = @practiceId and r.report_type in @Types {client} and {filter.Scope.Condition("r.client_id")} {place}
                order by r.created_at desc, r.id desc
                limit @Limit
                """,
                parameters,
                cancellationToken: token))],
            cancellationToken);
    }

    private sealed record Row(
        Guid Id, string ReportType, Guid ClientId, DateOnly FirstDay, DateOnly LastDay, string TimeZone, string Content, Guid CreatedBy,
        DateTimeOffset CreatedAt)
    {
        public static Row From(Report from) =>
            new(from.Id, from.ReportType, from.ClientId, from.FirstDay, from.LastDay, from.TimeZone,
                JsonSerializer.Serialize(from.Content, ReportJsonContext.Default.ReportContent), from.CreatedBy, from.CreatedAt);

        public Report ToReport() =>
            new(Id, ReportType, ClientId, FirstDay, LastDay, TimeZone,
                JsonSerializer.Deserialize(Content, ReportJsonContext.Default.ReportContent)!, CreatedBy, CreatedAt);
    }
}
