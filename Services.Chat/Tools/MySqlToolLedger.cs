using System.Data.Common;
using System.Text.Json;
using System.Text.Json.Serialization;
using AiPlatform.ServiceDefaults.Data;
using Dapper;

namespace AiPlatform.Services.Chat.Tools;

internal sealed class MySqlToolLedger(Database database, TimeProvider timeProvider) : IToolLedger
{
    private const string Started = "started";

    public Task<LedgerEntry> BeginAsync(LedgerKey key, string tool, string argumentsHash, CancellationToken cancellationToken)
    {
        var parameters = new { key.PracticeId, key.RunId, key.CallKey, tool, argumentsHash, Started, now = timeProvider.GetUtcNow() };
        return database.RunAsync(
            async (connection, token) =>
            {
                try
                {
                    const string Sql = """
                        insert into tool_calls (practice_id, run_id, call_key, tool, arguments_hash, status, started_at)
                        values (@PracticeId, @RunId, @CallKey, @tool, @argumentsHash, @Started, @now)
                        """;
                    await connection.ExecuteAsync(new(Sql, parameters, cancellationToken: token));
                    return new LedgerEntry(LedgerState.Begun);
                }
                catch (DbException exception) when (exception.IsDuplicateKey())
                {
                    const string Sql = """
                        select tool as Tool, arguments_hash as ArgumentsHash, outcome as Outcome
                        from tool_calls
                        where practice_id = @PracticeId and run_id = @RunId and call_key = @CallKey
                        """;
                    return Judge(await connection.QuerySingleAsync<Row>(new(Sql, parameters, cancellationToken: token)), tool, argumentsHash);
                }
            },
            cancellationToken);
    }

    public Task SettleAsync(LedgerKey key, LedgerOutcome outcome, CancellationToken cancellationToken) =>
        database.RunAsync(
            (connection, token) => connection.ExecuteAsync(new(
                """
                update tool_calls set status = @status, outcome = @json, ended_at = @now
                where practice_id = @PracticeId and run_id = @RunId and call_key = @CallKey and status = @Started
                """,
                new
                {
                    key.PracticeId,
                    key.RunId,
                    key.CallKey,
                    Started,
                    now = timeProvider.GetUtcNow(),
                    status = outcome.Error is null ? "completed" : "failed",
                    json = JsonSerializer.Serialize(outcome, LedgerJsonContext.Default.LedgerOutcome),
                },
                cancellationToken: token)),
            cancellationToken);

    private static LedgerEntry Judge(Row row, string tool, string argumentsHash) => row switch
    {
        _ when row.Tool != tool || row.ArgumentsHash != argumentsHash => new(LedgerState.OtherCall),
        { Outcome: { } json } => new(LedgerState.Settled, JsonSerializer.Deserialize(json, LedgerJsonContext.Default.LedgerOutcome)),
        _ => new(LedgerState.InDoubt),
    };

    private sealed record Row
    {
        public string Tool { get; init; } = string.Empty;

        public string ArgumentsHash { get; init; } = string.Empty;

        public string? Outcome { get; init; }
    }
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LedgerOutcome))]
internal sealed partial class LedgerJsonContext : JsonSerializerContext;
