using AiPlatform.ServiceDefaults.Data;
using AiPlatform.Services.Chat.Usage.Records;
using Dapper;

namespace AiPlatform.Services.Chat.Usage.Reports;

internal sealed class MySqlUsageReportStore(Database database) : IUsageReportStore
{
    private const string Sums = """
        count(*) as Calls,
        coalesce(sum(case when outcome in ('failed', 'partial', 'aborted') then 1 else 0 end), 0) as Failed,
        coalesce(sum(case when outcome = 'cached' then 1 else 0 end), 0) as Cached,
        coalesce(sum(case when is_estimated then 1 else 0 end), 0) as Estimated,
        coalesce(sum(input_tokens), 0) as InputTokens,
        coalesce(sum(cached_input_tokens), 0) as CachedInputTokens,
        coalesce(sum(output_tokens), 0) as OutputTokens,
        coalesce(sum(reasoning_tokens), 0) as ReasoningTokens,
        coalesce(sum(cost_usd), 0) as CostUsd
        """;

    private const string Within = """
        practice_id = @practiceId and started_at >= @start and started_at < @end and (@userId is null or user_id = @userId)
        """;

    public Task<(UsageSums Total, IReadOnlyList<UsageGroupResponse> Groups)> SumAsync(
        Guid practiceId, UsageRange range, string by, string? after, int limit, CancellationToken cancellationToken)
    {
        var key = KeyOf(by);
        var parameters = new { practiceId, start = range.Start, end = range.End, userId = range.UserId, after, limit };
        return database.RunAsync(
            async (connection, token) =>
            {
                var total = await connection.QuerySingleAsync<SumsRow>(new($"select {Sums} from usage_calls where {Within}", parameters, cancellationToken: token));
                var groups = await connection.QueryAsync<SumsRow>(new(
                    $"""
                    select {key} as GroupKey, {Sums}
                    from usage_calls
                    where {Within} and (@after is null or {key} > @after)
                    group by GroupKey
                    order by GroupKey
                    limit @limit
                    """,
                    parameters,
                    cancellationToken: token));
                return (total.ToSums(), (IReadOnlyList<UsageGroupResponse>)[.. groups.Select(row => new UsageGroupResponse(row.GroupKey is "" ? null : row.GroupKey, row.ToSums()))]);
            },
            cancellationToken);
    }

    public Task<IReadOnlyList<UsageCallResponse>> ListAsync(Guid practiceId, UsageRange range, UsagePlace? before, int limit, CancellationToken cancellationToken) =>
        database.RunAsync(
            async (connection, token) => (IReadOnlyList<UsageCallResponse>)[.. (await connection.QueryAsync<CallRow>(new(
                $"""
                select request_id, started_at, user_id, persona, key_id, run_id, model, provider, endpoint, kind, outcome, error_code,
                       input_tokens, cached_input_tokens, output_tokens, reasoning_tokens, is_estimated, cost_usd, duration_ms
                from usage_calls
                where {Within} and (@time is null or started_at < @time or (started_at = @time and request_id < @id))
                order by started_at desc, request_id desc
                limit @limit
                """,
                new { practiceId, start = range.Start, end = range.End, userId = range.UserId, time = before?.StartedAt, id = before?.RequestId, limit },
                cancellationToken: token))).Select(row => row.ToResponse())],
            cancellationToken);

    // Texts of one collation, so that the order of the keys is the cursor's.
    private static string KeyOf(string by) => by switch
    {
        UsageGrouping.Day => "cast(date(started_at) as char character set utf8mb4) collate utf8mb4_bin",
        UsageGrouping.User => "convert(user_id using utf8mb4) collate utf8mb4_bin",
        UsageGrouping.Persona => "coalesce(persona, '') collate utf8mb4_bin",
        UsageGrouping.Model => "model",
        UsageGrouping.Key => "convert(coalesce(key_id, '') using utf8mb4) collate utf8mb4_bin",
        _ => throw new ArgumentOutOfRangeException(nameof(by), by, "Not a grouping."),
    };

    private sealed record SumsRow
    {
        public string? GroupKey { get; init; }

        public long Calls { get; init; }

        public decimal Failed { get; init; }

        public decimal Cached { get; init; }

        public decimal Estimated { get; init; }

        public decimal InputTokens { get; init; }

        public decimal CachedInputTokens { get; init; }

        public decimal OutputTokens { get; init; }

        public decimal ReasoningTokens { get; init; }

        public decimal CostUsd { get; init; }

        public UsageSums ToSums() => new(
            Calls, (long)Failed, (long)Cached, (long)Estimated, (long)InputTokens, (long)CachedInputTokens, (long)OutputTokens, (long)ReasoningTokens, Money.Plain(CostUsd));
    }

    private sealed record CallRow
    {
        public string RequestId { get; init; } = "";

        public DateTimeOffset StartedAt { get; init; }

        public Guid UserId { get; init; }

        public string? Persona { get; init; }

        public Guid? KeyId { get; init; }

        public Guid? RunId { get; init; }

        public string Model { get; init; } = "";

        public string? Provider { get; init; }

        public string? Endpoint { get; init; }

        public string Kind { get; init; } = "";

        public string Outcome { get; init; } = "";

        public string? ErrorCode { get; init; }

        public long InputTokens { get; init; }

        public long CachedInputTokens { get; init; }

        public long OutputTokens { get; init; }

        public long ReasoningTokens { get; init; }

        public bool IsEstimated { get; init; }

        public decimal CostUsd { get; init; }

        public long DurationMs { get; init; }

        public UsageCallResponse ToResponse() => new(
            RequestId, StartedAt, UserId, Persona, KeyId, RunId, Model, Provider, Endpoint, Kind, Outcome, ErrorCode,
            InputTokens, CachedInputTokens, OutputTokens, ReasoningTokens, IsEstimated, Money.Plain(CostUsd), DurationMs);
    }
}
