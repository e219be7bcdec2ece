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
                    select r.client_id, max(client.name) as client_name, count(*) as results, min(r.submitted_at) as since,
                           count(*) over () as total_clients, cast(sum(count(*)) over () as signed) as total_results
                    from homework_results r
                    {ClientNames.Join("r.client_id")}
                    where r.practice_id = @practiceId and r.practitioner_id = @practitionerId and r.feedback_at is null
                      and {scope.ConditionOfFew("r.client_id")}
                    group by r.client_id
                    order by since, client_id
                    limit @limit
                    """,
                    parameters,
                    cancellationToken: token))).AsList();
                return new AwaitingFeedback(
                    (int)(rows.FirstOrDefault()?.TotalClients ?? 0),
                    (int)(rows.FirstOrDefault()?.TotalResults ?? 0),
                    [.. rows.Select(row => new AwaitingClient(row.ClientId, row.ClientName, (int)row.Results, row.Since))]);
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

    private sealed record AwaitingRow(Guid ClientId, string? ClientName, long Results, DateTimeOffset Since, long TotalClients, long TotalResults);
}

internal sealed record AwaitingFeedback(int TotalClients, int TotalResults, IReadOnlyList<AwaitingClient> Clients);

/// <param name="ClientName">Null when there is no such client.</param>
internal sealed record AwaitingClient(Guid ClientId, string? ClientName, int Results, DateTimeOffset Since);
