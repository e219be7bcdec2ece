using AiPlatform.ServiceDefaults.Data;
using AiPlatform.Services.Api.Clients;
using Dapper;

namespace AiPlatform.Services.Api.Homework;

/// <summary>Homework across the assignments of a client or a practitioner.</summary>
internal sealed class HomeworkFigures(Database database)
{
    /// <summary>Clients whose submissions to what the practitioner gave them have no feedback yet: who waits longest first, and how many wait.</summary>
    public Task<AwaitingFeedback> ReadAwaitingAsync(
        Guid practiceId, Guid practitionerId, ClientScope scope, int limit, CancellationToken cancellationToken)
    {
        var parameters = new DynamicParameters(new { practiceId, practitionerId, limit });
        scope.AddTo(parameters);

        // Whole counts beside the rows of the page, so that both are of one moment.
        return database.RunAsync(
            async (connection, token) =>
            {
                var rows = (await connection.QueryAsync<AwaitingRow>(new CommandDefinition(
                    $"""
                    select client_id, count(*) as results, min(submitted_at) as since,
                           count(*) over () as total_clients, cast(sum(count(*)) over () as signed) as total_results
                    from (
                        select r.client_id, r.submitted_at
                        from homework_assignments a
                        join homework_results r on r.practice_id = a.practice_id and r.assignment_id = a.id
                        where a.practice_id = @practiceId and a.practitioner_id = @practitionerId and a.submission_count > 0
                          and r.feedback_at is null and {scope.Condition("a.client_id")}) as awaiting
                    group by client_id
                    order by since, client_id
                    limit @limit
                    """,
                    parameters,
                    cancellationToken: token))).AsList();
                return new AwaitingFeedback(
                    (int)(rows.FirstOrDefault()?.TotalClients ?? 0),
                    (int)(rows.FirstOrDefault()?.TotalResults ?? 0),
                    [.. rows.Select(row => new AwaitingClient(row.ClientId, (int)row.Results, row.Since))]);
            },
            cancellationToken);
    }

    /// <summary>At most <paramref name="limit"/> submissions of a client within a span, oldest first.</summary>
    /// <param name="before">Exclusive.</param>
    public Task<IReadOnlyList<HomeworkResultHead>> ListResultsAsync(
        Guid practiceId, Guid clientId, DateTimeOffset from, DateTimeOffset before, int limit, CancellationToken cancellationToken) =>
        database.RunAsync<IReadOnlyList<HomeworkResultHead>>(
            async (connection, token) =>
            {
                var rows = await connection.QueryAsync<ResultHeadRow>(new CommandDefinition(
                    """
                    select id, assignment_id, client_id, score, maximum_score, submitted_at, feedback_at
                    from homework_results
                    where practice_id = @practiceId and client_id = @clientId and submitted_at >= @from and submitted_at < @before
                    order by submitted_at, id
                    limit @limit
                    """,
                    new { practiceId, clientId, from, before, limit },
                    cancellationToken: token));
                return [.. rows.Select(row => row.ToHead())];
            },
            cancellationToken);

    private sealed record AwaitingRow(Guid ClientId, long Results, DateTimeOffset Since, long TotalClients, long TotalResults);
}

internal sealed record AwaitingFeedback(int TotalClients, int TotalResults, IReadOnlyList<AwaitingClient> Clients);

internal sealed record AwaitingClient(Guid ClientId, int Results, DateTimeOffset Since);
