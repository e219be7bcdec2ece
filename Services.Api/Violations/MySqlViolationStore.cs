using AiPlatform.ServiceDefaults.Data;
using AiPlatform.ServiceDefaults.Writes;
using AiPlatform.Services.Api.Audit;
using AiPlatform.Services.Api.Http;
using Dapper;

namespace AiPlatform.Services.Api.Violations;

internal sealed class MySqlViolationStore(Database database, CreateOnce creates, AuditTrail audit) : IViolationStore
{
    public Task<(Guid Id, bool Created)> AddAsync(
        Guid practiceId, WriteKey key, Violation violation, AuditEntry audited, CancellationToken cancellationToken)
    {
        var parameters = new DynamicParameters(violation);
        parameters.Add("practiceId", practiceId);
        return creates.RunAsync(
            practiceId, key, violation.Id, violation.RecordedAt,
            async (connection, transaction, token) =>
            {
                await connection.ExecuteAsync(new CommandDefinition(
                    """
                    insert into violations
                        (id, practice_id, profile_id, template_id, template_name, violation_type, template_content, reason, confidence, client_id,
                         metadata, ip_address, user_agent, recorded_by, recorded_at)
                    values
                        (@Id, @practiceId, @ProfileId, @TemplateId, @TemplateName, @ViolationType, @TemplateContent, @Reason, @Confidence, @ClientId,
                         @Metadata, @IpAddress, @UserAgent, @RecordedBy, @RecordedAt)
                    """,
                    parameters,
                    transaction,
                    cancellationToken: token));
                await audit.AppendAsync(connection, transaction, practiceId, audited, token);
            },
            cancellationToken);
    }

    public Task<Violation?> FindAsync(Guid practiceId, Guid id, CancellationToken cancellationToken) =>
        database.RunAsync<Violation?>(
            (connection, token) => connection.QuerySingleOrDefaultAsync<Violation>(new CommandDefinition(
                """
                select id, profile_id, template_id, template_name, violation_type, template_content, reason, confidence, client_id, metadata,
                       ip_address, user_agent, recorded_by, recorded_at
                from violations
                where id = @id and practice_id = @practiceId
                """,
                new { practiceId, id },
                cancellationToken: token)),
            cancellationToken);

    public Task<IReadOnlyList<ViolationHead>> ListAsync(
        Guid practiceId, Guid? profileId, TimeCursor? after, int limit, CancellationToken cancellationToken)
    {
        var profile = profileId is null ? "" : "and profile_id = @profileId";
        var place = after is null ? "" : "and recorded_at <= @afterTime and (recorded_at < @afterTime or id < @afterId)";
        return database.RunAsync<IReadOnlyList<ViolationHead>>(
            async (connection, token) => [.. await connection.QueryAsync<ViolationHead>(new CommandDefinition(
                $"""
                select id, profile_id, template_id, template_name, violation_type, confidence, client_id, recorded_at
                from violations
                where practice_id = @practiceId {profile} {place}
                order by recorded_at desc, id desc
                limit @limit
                """,
                new { practiceId, profileId, limit, afterTime = after?.Time, afterId = after?.Id },
                cancellationToken: token))],
            cancellationToken);
    }
}
