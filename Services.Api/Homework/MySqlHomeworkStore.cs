using System.Data.Common;
using AiPlatform.ServiceDefaults.Data;
using AiPlatform.ServiceDefaults.Writes;
using AiPlatform.Services.Api.Audit;
using AiPlatform.Services.Api.Http;
using Dapper;

namespace AiPlatform.Services.Api.Homework;

internal sealed class MySqlHomeworkStore(Database database, CreateOnce creates, AuditTrail audit) : IHomeworkStore
{
    public Task<(Guid Id, bool Created)> AddAsync(
        Guid practiceId, WriteKey key, HomeworkAssignment assignment, AuditEntry audited, CancellationToken cancellationToken) =>
        creates.RunAsync(
            practiceId, key, assignment.Id, assignment.AssignedAt,
            async (connection, transaction, token) =>
            {
                await connection.ExecuteAsync(new CommandDefinition(
                    """
                    insert into homework_assignments
                        (id, practice_id, client_id, practitioner_id, title, instructions, questions, status, submissions_wanted,
                         submission_count, assigned_at, due_at, completed_at, version)
                    values
                        (@Id, @PracticeId, @ClientId, @PractitionerId, @Title, @Instructions, @Questions, @Status, @SubmissionsWanted,
                         @SubmissionCount, @AssignedAt, @DueAt, @CompletedAt, @Version)
                    """,
                    AssignmentRow.From(practiceId, assignment),
                    transaction,
                    cancellationToken: token));
                await audit.AppendAsync(connection, transaction, practiceId, audited, token);
            },
            cancellationToken);

    public Task<HomeworkAssignment?> FindAsync(Guid practiceId, Guid id, CancellationToken cancellationToken) =>
        database.RunAsync((connection, token) => FindAsync(connection, null, practiceId, id, token), cancellationToken);

    public Task<IReadOnlyList<HomeworkAssignmentHead>> ListAsync(
        Guid practiceId, Guid clientId, HomeworkFilter filter, CancellationToken cancellationToken)
    {
        var (than, order) = filter.OldestFirst ? (">", "asc") : ("<", "desc");
        var status = filter.Status switch
        {
            null => "",
            HomeworkStatus.Expired => "and status = 'active' and due_at <= @Now",
            HomeworkStatus.Active => "and status = 'active' and (due_at is null or due_at > @Now)",
            _ => "and status = @Status",
        };
        var place = filter.After is null ? "" : $"and assigned_at {than}= @afterTime and (assigned_at {than} @afterTime or id {than} @afterId)";
        return database.RunAsync<IReadOnlyList<HomeworkAssignmentHead>>(
            async (connection, token) => [.. await connection.QueryAsync<HomeworkAssignmentHead>(new CommandDefinition(
                $"""
                select id, client_id, practitioner_id, title, status, submissions_wanted, submission_count, assigned_at, due_at, completed_at
                from homework_assignments
                where practice_id = @practiceId and client_id = @clientId {status} {place}
                order by assigned_at {order}, id {order}
                limit @Limit
                """,
                new { practiceId, clientId, filter.Status, filter.Now, filter.Limit, afterTime = filter.After?.Time, afterId = filter.After?.Id },
                cancellationToken: token))],
            cancellationToken);
    }

    public async Task<IReadOnlyDictionary<Guid, HomeworkCounts>> CountAsync(
        Guid practiceId, IReadOnlyCollection<Guid> clientIds, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (clientIds.Count == 0)
        {
            return new Dictionary<Guid, HomeworkCounts>();
        }

        return await database.RunAsync(
            async (connection, token) =>
            {
                var rows = await connection.QueryAsync<HomeworkCountsRow>(new CommandDefinition(
                    """
                    select client_id, count(*) as total,
                           count(case when status = 'active' and (due_at is null or due_at > @now) then 1 end) as active,
                           count(case when status = 'completed' then 1 end) as completed,
                           count(case when status = 'active' and due_at <= @now then 1 end) as expired,
                           count(case when status = 'cancelled' then 1 end) as cancelled,
                           cast(sum(submission_count) as signed) as submissions,
                           max(assigned_at) as last_assigned_at, max(submitted_at) as last_submitted_at
                    from (
                        select a.client_id, a.status, a.due_at, a.submission_count, a.assigned_at,
                               (select max(r.submitted_at) from homework_results r
                                where r.practice_id = a.practice_id and r.assignment_id = a.id) as submitted_at
                        from homework_assignments a
                        where a.practice_id = @practiceId and a.client_id in @clientIds) as given
                    group by client_id
                    """,
                    new { practiceId, clientIds = clientIds.Select(id => id.ToString()), now },
                    cancellationToken: token));
                return rows.ToDictionary(row => row.ClientId, row => row.ToCounts());
            },
            cancellationToken);
    }

    public Task<HomeworkAssignment?> ChangeAsync(
        Guid practiceId, Guid id, Func<HomeworkAssignment, HomeworkAssignment> change, AuditEntry audited, CancellationToken cancellationToken) =>
        database.RunInTransactionAsync(
            async (connection, transaction, token) =>
            {
                if (await FindAsync(connection, transaction, practiceId, id, token) is not { } found)
                {
                    return null;
                }

                var changed = await UpdateAsync(connection, transaction, practiceId, change(found), token);
                await audit.AppendAsync(connection, transaction, practiceId, audited, token);
                return changed;
            },
            cancellationToken);

    public Task<(Guid Id, bool Created)> SubmitAsync(
        Guid practiceId, WriteKey key, HomeworkResult result, Func<HomeworkAssignment, HomeworkAssignment> accept, AuditEntry audited,
        CancellationToken cancellationToken) =>
        creates.RunAsync(
            practiceId, key, result.Id, result.SubmittedAt,
            async (connection, transaction, token) =>
            {
                var assignment = await FindAsync(connection, transaction, practiceId, result.AssignmentId, token) ?? throw HomeworkAccess.NotFound();
                await UpdateAsync(connection, transaction, practiceId, accept(assignment), token);
                var parameters = new DynamicParameters(ResultRow.From(practiceId, result));
                parameters.Add("practitionerId", assignment.PractitionerId);
                await connection.ExecuteAsync(new CommandDefinition(
                    """
                    insert into homework_results
                        (id, practice_id, assignment_id, client_id, practitioner_id, answers, comment, score, maximum_score, submitted_at, version)
                    values
                        (@Id, @PracticeId, @AssignmentId, @ClientId, @practitionerId, @Answers, @Comment, @Score, @MaximumScore, @SubmittedAt, @Version)
                    """,
                    parameters,
                    transaction,
                    cancellationToken: token));
                await audit.AppendAsync(connection, transaction, practiceId, audited, token);
            },
            cancellationToken);

    public Task<HomeworkResult?> FindResultAsync(Guid practiceId, Guid id, CancellationToken cancellationToken) =>
        database.RunAsync((connection, token) => FindResultAsync(connection, null, practiceId, id, token), cancellationToken);

    public Task<IReadOnlyList<HomeworkResultHead>> ListResultsAsync(
        Guid practiceId, Guid assignmentId, TimeCursor? after, int limit, CancellationToken cancellationToken)
    {
        var place = after is null ? "" : "and submitted_at <= @afterTime and (submitted_at < @afterTime or id < @afterId)";
        return database.RunAsync<IReadOnlyList<HomeworkResultHead>>(
            async (connection, token) =>
            {
                var rows = await connection.QueryAsync<ResultHeadRow>(new CommandDefinition(
                    $"""
                    select id, assignment_id, client_id, score, maximum_score, submitted_at, feedback_at
                    from homework_results
                    where practice_id = @practiceId and assignment_id = @assignmentId {place}
                    order by submitted_at desc, id desc
                    limit @limit
                    """,
                    new { practiceId, assignmentId, limit, afterTime = after?.Time, afterId = after?.Id },
                    cancellationToken: token));
                return [.. rows.Select(row => row.ToHead())];
            },
            cancellationToken);
    }

    public Task<HomeworkResult?> ChangeResultAsync(
        Guid practiceId, Guid id, Func<HomeworkResult, HomeworkResult> change, AuditEntry audited, CancellationToken cancellationToken) =>
        database.RunInTransactionAsync(
            async (connection, transaction, token) =>
            {
                if (await FindResultAsync(connection, transaction, practiceId, id, token) is not { } found)
                {
                    return null;
                }

                var changed = change(found) with { Version = found.Version + 1 };
                await connection.ExecuteAsync(new CommandDefinition(
                    """
                    update homework_results
                    set feedback = @Feedback, feedback_at = @FeedbackAt, version = @Version
                    where id = @Id and practice_id = @PracticeId
                    """,
                    ResultRow.From(practiceId, changed),
                    transaction,
                    cancellationToken: token));
                await audit.AppendAsync(connection, transaction, practiceId, audited, token);
                return changed;
            },
            cancellationToken);

    // Within a transaction the row is held until its end.
    private static async Task<HomeworkAssignment?> FindAsync(
        DbConnection connection, DbTransaction? transaction, Guid practiceId, Guid id, CancellationToken cancellationToken) =>
        (await connection.QuerySingleOrDefaultAsync<AssignmentRow>(new CommandDefinition(
            $"""
            select id, practice_id, client_id, practitioner_id, title, instructions, questions, status, submissions_wanted, submission_count,
                   assigned_at, due_at, completed_at, version
            from homework_assignments
            where id = @id and practice_id = @practiceId {(transaction is null ? "" : "for update")}
            """,
            new { practiceId, id },
            transaction,
            cancellationToken: cancellationToken)))?.ToAssignment();

    private static async Task<HomeworkResult?> FindResultAsync(
        DbConnection connection, DbTransaction? transaction, Guid practiceId, Guid id, CancellationToken cancellationToken) =>
        (await connection.QuerySingleOrDefaultAsync<ResultRow>(new CommandDefinition(
            $"""
            select id, practice_id, assignment_id, client_id, answers, comment, score, maximum_score, submitted_at, feedback, feedback_at, version
            from homework_results
            where id = @id and practice_id = @practiceId {(transaction is null ? "" : "for update")}
            """,
            new { practiceId, id },
            transaction,
            cancellationToken: cancellationToken)))?.ToResult();

    private static async Task<HomeworkAssignment> UpdateAsync(
        DbConnection connection, DbTransaction transaction, Guid practiceId, HomeworkAssignment assignment, CancellationToken cancellationToken)
    {
        var changed = assignment with { Version = assignment.Version + 1 };
        await connection.ExecuteAsync(new CommandDefinition(
            """
            update homework_assignments
            set title = @Title, instructions = @Instructions, status = @Status, submission_count = @SubmissionCount, due_at = @DueAt,
                completed_at = @CompletedAt, version = @Version
            where id = @Id and practice_id = @PracticeId
            """,
            AssignmentRow.From(practiceId, changed),
            transaction,
            cancellationToken: cancellationToken));
        return changed;
    }
}
