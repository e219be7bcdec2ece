using AiPlatform.ServiceDefaults.Data;
using AiPlatform.Services.Chat.Usage.Records;
using Dapper;

namespace AiPlatform.Services.Chat.Usage;

internal sealed class MySqlUsageStore(Database database) : IUsageStore
{
    public Task AddAsync(IReadOnlyList<SettledCall> calls, CancellationToken cancellationToken)
    {
        var rows = new SettledRows();

        foreach (var call in calls)
        {
            rows.Add(call);
        }

        // Not insert ignore, which would make warnings of other faults too.
        var sql = $"""
            insert into usage_calls
              (request_id, practice_id, user_id, persona, key_id, run_id, model, provider, endpoint, kind, streams, outcome, error_code,
               input_tokens, cached_input_tokens, output_tokens, reasoning_tokens, is_estimated, cost_usd, started_at, duration_ms, first_token_ms, attempts)
            values {rows.Values}
            on duplicate key update request_id = usage_calls.request_id
            """;
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
