using System.Globalization;
using System.Text;
using AiPlatform.ServiceDefaults.Data;
using AiPlatform.Services.Chat.Usage.Records;
using Dapper;

namespace AiPlatform.Services.Chat.Usage;

internal sealed class MySqlUsageStore(Database database) : IUsageStore
{
    public Task AddAsync(IReadOnlyList<SettledCall> calls, CancellationToken cancellationToken)
    {
        var (sql, parameters) = Insert(calls);
        return database.RunAsync((connection, token) => connection.ExecuteAsync(new(sql, parameters, cancellationToken: token)), cancellationToken);
    }

    private static (string Sql, DynamicParameters Parameters) Insert(IReadOnlyList<SettledCall> calls)
    {
        var sql = new StringBuilder("""
            insert into usage_calls
              (request_id, practice_id, user_id, persona, key_id, run_id, model, provider, endpoint, kind, streams, outcome, error_code,
               input_tokens, cached_input_tokens, output_tokens, reasoning_tokens, is_estimated, cost_usd, started_at, duration_ms, first_token_ms, attempts)
            values
            """);
        var parameters = new DynamicParameters();

        for (var row = 0; row < calls.Count; row++)
        {
            var call = calls[row];
            object?[] values =
            [
                call.RequestId, call.PracticeId, call.UserId, call.Persona, call.KeyId, call.RunId, call.Model, call.Provider, call.Endpoint, call.Kind, call.Streams,
                call.Outcome, call.ErrorCode, call.InputTokens, call.CachedInputTokens, call.OutputTokens, call.ReasoningTokens, call.IsEstimated, call.CostUsd,
                call.StartedAt, call.DurationMs, call.FirstTokenMs, call.Attempts,
            ];
            sql.Append(row == 0 ? "\n(" : ",\n(");

            for (var column = 0; column < values.Length; column++)
            {
                var name = string.Create(CultureInfo.InvariantCulture, $"v{row}_{column}");
                sql.Append(column == 0 ? "@" : ", @").Append(name);
                parameters.Add(name, values[column]);
            }

            sql.Append(')');
        }

        // Not insert ignore, which would make warnings of other faults too.
        sql.Append("\non duplicate key update request_id = usage_calls.request_id");
        return (sql.ToString(), parameters);
    }
}
