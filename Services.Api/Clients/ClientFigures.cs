using AiPlatform.ServiceDefaults.Data;
using Dapper;

namespace AiPlatform.Services.Api.Clients;

/// <summary>The clients of a practice in figures, as far as the scope goes.</summary>
internal sealed class ClientFigures(Database database)
{
    /// <returns>For each status that somebody has: how many have it, and how many of these began within the days.</returns>
    public Task<IReadOnlyList<ClientFigure>> CountAsync(
        Guid practiceId, ClientScope scope, DateOnly first, DateOnly last, CancellationToken cancellationToken)
    {
        var parameters = new DynamicParameters(new { practiceId, first, last });
        scope.AddTo(parameters);
        return database.RunAsync<IReadOnlyList<ClientFigure>>(
            async (connection, token) =>
            {
                var rows = await connection.QueryAsync<(string Status, long Count, long New)>(new CommandDefinition(
                    $"""
                    select c.status, count(*), count(case when c.started_at between @first and @last then 1 end)
                    from clients c
                    where c.practice_id = @practiceId and {scope.Condition("c.id")}
                    group by c.status
                    order by c.status
                    """,
                    parameters,
                    cancellationToken: token));
                return [.. rows.Select(row => new ClientFigure(row.Status, (int)row.Count, (int)row.New))];
            },
            cancellationToken);
    }
}

internal sealed record ClientFigure(string Status, int Count, int New);
