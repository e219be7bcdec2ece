using System.Data.Common;
using System.Text.Json;
using AiPlatform.ServiceDefaults.Data;
using AiPlatform.Services.Chat.Threads;
using Dapper;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Runs;

internal sealed class MySqlRunStore(Database database, TimeProvider timeProvider) : IRunStore
{
    private const string Columns = """
        id as Id, practice_id as PracticeId, user_id as UserId, session_id as SessionId, thread_id as ThreadId, persona as Persona,
        status as Status, error_code as ErrorCode, provider_frames as ProviderFrames, text as Text, tool_calls as ToolCalls, iterations as Iterations,
        input_tokens as InputTokens, output_tokens as OutputTokens, cost_usd as CostUsd,
        accepted_at as AcceptedAt, started_at as StartedAt, ended_at as EndedAt
        """;

    public Task AddAsync(AcceptedRun run, CancellationToken cancellationToken) =>
        database.RunInTransactionAsync(
            async (connection, transaction, token) =>
            {
                await ThreadWriter.AddThreadIfMissingAsync(
                    connection, transaction, run.Session.PracticeId, run.Session.UserId, run.ThreadId, run.Message, run.AcceptedAt, token);
                const string Sql = """
                    insert into runs (id, practice_id, user_id, session_id, thread_id, persona, status, provider_frames, accepted_at)
                    values (@RunId, @PracticeId, @UserId, @SessionId, @ThreadId, @Persona, 'queued', @ProviderFrames, @AcceptedAt)
                    """;
                await connection.ExecuteAsync(new(
                    Sql,
                    new
                    {
                        run.RunId,
                        run.Session.PracticeId,
                        run.Session.UserId,
                        run.Session.SessionId,
                        run.ThreadId,
                        run.Persona,
                        run.ProviderFrames,
                        run.AcceptedAt,
                    },
                    transaction,
                    cancellationToken: token));
                await connection.ExecuteAsync(new(
                    "insert into open_run_logs (run_id, accepted_at) values (@RunId, @AcceptedAt)",
                    new { run.RunId, run.AcceptedAt },
                    transaction,
                    cancellationToken: token));
            },
            cancellationToken);

    public Task<IReadOnlyList<ChatMessage>> BeginAsync(AcceptedRun run, int historyMessages, CancellationToken cancellationToken) =>
        database.RunInTransactionAsync(
            async (connection, transaction, token) =>
            {
                var now = timeProvider.GetUtcNow();
                var (head, history) = await ThreadWriter.LockAsync(connection, transaction, run.ThreadId, historyMessages, token);
                var message = new NewMessage(Guid.CreateVersion7(now), head, run.RunId, "user", run.Message, "complete");
                await ThreadWriter.AddMessageAsync(connection, transaction, run.ThreadId, message, now, token);
                await connection.ExecuteAsync(new(
                    "update runs set status = 'running', started_at = @now where id = @RunId and practice_id = @PracticeId and status = 'queued'",
                    new { now, run.RunId, run.Session.PracticeId },
                    transaction,
                    cancellationToken: token));
                return historyMessages == 0 ? [] : history;
            },
            cancellationToken);

    public Task<bool> EndAsync(Guid practiceId, Guid runId, RunEnd end, CancellationToken cancellationToken) =>
        database.RunInTransactionAsync(
            async (connection, transaction, token) =>
            {
                var now = timeProvider.GetUtcNow();
                const string Sql = """
                    update runs
                    set status = @Status, error_code = @ErrorCode, text = @Text, tool_calls = @toolCalls, iterations = @Iterations,
                        input_tokens = @InputTokens, output_tokens = @OutputTokens, cost_usd = @CostUsd, ended_at = @now
                    where id = @runId and practice_id = @practiceId and status in ('queued', 'running')
                    """;
                var ended = await connection.ExecuteAsync(new(
                    Sql,
                    new
                    {
                        end.Status,
                        end.ErrorCode,
                        end.Text,
                        toolCalls = JsonSerializer.Serialize(end.ToolCalls, RunJsonContext.Default.IReadOnlyListToolCallSummary),
                        end.Iterations,
                        end.Usage.InputTokens,
                        end.Usage.OutputTokens,
                        end.Usage.CostUsd,
                        now,
                        runId,
                        practiceId,
                    },
                    transaction,
                    cancellationToken: token));
                if (ended == 0)
                {
                    return await WasEndedSoAsync(connection, transaction, practiceId, runId, end, token);
                }

                await AddAnswerAsync(connection, transaction, runId, end, now, token);
                return true;
            },
            cancellationToken);

    public Task<RunRecord?> FindAsync(Guid practiceId, Guid userId, Guid runId, CancellationToken cancellationToken) =>
        database.RunAsync(
            async (connection, token) =>
            {
                var row = await connection.QuerySingleOrDefaultAsync<Row>(new(
                    $"select {Columns} from runs where id = @runId and practice_id = @practiceId and user_id = @userId",
                    new { runId, practiceId, userId },
                    cancellationToken: token));
                return row?.ToRecord();
            },
            cancellationToken);

    public Task CloseLogAsync(Guid practiceId, Guid runId, CancellationToken cancellationToken) =>
        database.RunAsync(
            async (connection, token) =>
            {
                const string Sql = """
                    delete from open_run_logs
                    where run_id = @runId and exists (select 1 from runs where id = @runId and practice_id = @practiceId)
                    """;
                await connection.ExecuteAsync(new(Sql, new { practiceId, runId }, cancellationToken: token));
            },
            cancellationToken);

    public Task<IReadOnlyList<RunRecord>> ListUnclosedAsync(
        DateTimeOffset acceptedBefore, RunRecord? after, int limit, CancellationToken cancellationToken) =>
        database.RunAsync<IReadOnlyList<RunRecord>>(
            async (connection, token) =>
            {
                const string Sql = $"""
                    select {Columns} from runs
                    where id in (
                        select run_id from (
                            select run_id from open_run_logs
                            where accepted_at < @acceptedBefore and (accepted_at > @afterTime or (accepted_at = @afterTime and run_id > @afterId))
                            order by accepted_at, run_id limit @limit) page)
                    order by accepted_at, id
                    """;
                var afterTime = after?.AcceptedAt ?? DateTimeOffset.UnixEpoch;
                var rows = await connection.QueryAsync<Row>(new(
                    Sql, new { acceptedBefore, afterTime, afterId = after?.Id ?? Guid.Empty, limit }, cancellationToken: token));
                return [.. rows.Select(row => row.ToRecord())];
            },
            cancellationToken);

    private static async Task<bool> WasEndedSoAsync(
        DbConnection connection, DbTransaction transaction, Guid practiceId, Guid runId, RunEnd end, CancellationToken cancellationToken)
    {
        var row = await connection.QuerySingleOrDefaultAsync<Row>(new(
            $"select {Columns} from runs where id = @runId and practice_id = @practiceId",
            new { runId, practiceId },
            transaction,
            cancellationToken: cancellationToken));
        return row is not null && (row.Status, row.ErrorCode, row.Text) == (end.Status, end.ErrorCode, end.Text);
    }

    // Partial text is kept and marked; a run that said nothing leaves no message.
    private static async Task AddAnswerAsync(
        DbConnection connection, DbTransaction transaction, Guid runId, RunEnd end, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (end.Text.Length == 0)
        {
            return;
        }

        var question = await connection.QuerySingleOrDefaultAsync<QuestionRow>(new(
            "select id as Id, thread_id as ThreadId from messages where run_id = @runId and role = 'user'",
            new { runId },
            transaction,
            cancellationToken: cancellationToken));
        if (question is null)
        {
            return;
        }

        var status = end.Status == RunEnding.Completed ? "complete" : end.Status;
        var answer = new NewMessage(Guid.CreateVersion7(now), question.Id, runId, "assistant", end.Text, status);
        await ThreadWriter.AddMessageAsync(connection, transaction, question.ThreadId, answer, now, cancellationToken);
    }

    private sealed record QuestionRow
    {
        public Guid Id { get; init; }

        public Guid ThreadId { get; init; }
    }

    private sealed record Row
    {
        public Guid Id { get; init; }

        public Guid PracticeId { get; init; }

        public Guid UserId { get; init; }

        public string SessionId { get; init; } = string.Empty;

        public Guid ThreadId { get; init; }

        public string Persona { get; init; } = string.Empty;

        public string Status { get; init; } = string.Empty;

        public string? ErrorCode { get; init; }

        public bool ProviderFrames { get; init; }

        public string? Text { get; init; }

        public string? ToolCalls { get; init; }

        public int Iterations { get; init; }

        public long InputTokens { get; init; }

        public long OutputTokens { get; init; }

        public decimal CostUsd { get; init; }

        public DateTimeOffset AcceptedAt { get; init; }

        public DateTimeOffset? StartedAt { get; init; }

        public DateTimeOffset? EndedAt { get; init; }

        public RunRecord ToRecord() => new(
            Id, PracticeId, UserId, SessionId, ThreadId, Persona, Status, ErrorCode, ProviderFrames, Text,
            ToolCalls is null ? [] : JsonSerializer.Deserialize(ToolCalls, RunJsonContext.Default.IReadOnlyListToolCallSummary) ?? [],
            Iterations, new(InputTokens, OutputTokens, CostUsd), AcceptedAt, StartedAt, EndedAt);
    }
}
