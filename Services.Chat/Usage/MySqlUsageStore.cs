using AiPlatform.ServiceDefaults.Data;
using AiPlatform.Services.Chat.Usage.Records;
using Dapper;

namespace AiPlatform.Services.Chat.Usage;

internal sealed class MySqlUsageStore(Database database) : IUsageStore
{
    public Task AddAsync(IReadOnlyList<SettledCall> calls, CancellationToken cancellationToken)
    {
        var sql = SettledRows.ToStatement(calls);
        return database.RunAsync((connection, token) => connection.ExecuteAsync(new(sql, cancellationToken: token)), cancellationToken);
    }

    // Read off the index, one place of it for each practice.
    public Task<IReadOnlyList<Guid>> ListPracticesAsync(DateTimeOffset before, CancellationToken cancellationToken) => database.RunAsync(
        async (connection, token) => (IReadOnlyList<Guid>)[.. await connection.QueryAsync<Guid>(new(
            "select practice_id from usage_calls group by practice_id having min(started_at) < @before", new { before }, cancellationToken: token))],
        cancellationToken);

    public Task<int> RemoveAsync(Guid practiceId, DateTimeOffset before, int limit, CancellationToken cancellationToken) => database.RunAsync(
        (connection, token) => connection.ExecuteAsync(new(
            "delete from usage_calls where practice_id = @practiceId and started_at < @before order by started_at, request_id limit @limit",
            new { practiceId, before, limit },
            cancellationToken: token)),
        cancellationToken);
}
