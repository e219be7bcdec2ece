using System.Data.Common;
using System.Globalization;
using AiPlatform.ServiceDefaults.Data;
using AiPlatform.Services.Chat.Audit;
using Dapper;

namespace AiPlatform.Services.Chat.Usage.Budgets;

internal sealed class MySqlBudgetStore(Database database, TimeProvider timeProvider) : IBudgetStore
{
    private const string One = "practice_id = @practiceId and scope = @Scope and subject_id = @SubjectId and period = @Period";

    public Task<BudgetMark> ReadMarkAsync(CancellationToken cancellationToken) => database.RunAsync(
        async (connection, token) =>
        {
            var row = await connection.QuerySingleAsync<MarkRow>(new("select count(*) as Count, max(changed_at) as ChangedAt from budgets", cancellationToken: token));
            return new BudgetMark(row.Count, row.ChangedAt);
        },
        cancellationToken);

    public Task<IReadOnlyList<Budget>> ReadAllAsync(CancellationToken cancellationToken) => database.RunAsync(
        async (connection, token) => (IReadOnlyList<Budget>)[.. (await connection.QueryAsync<Row>(new(
            "select practice_id, scope, subject_id, period, amount_usd, thresholds, 0 as spent_usd from budgets", cancellationToken: token))).Select(row => row.ToBudget())],
        cancellationToken);

    public Task<IReadOnlyList<BudgetStanding>> ListAsync(Guid practiceId, BudgetPlace? after, int limit, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // The practice's calls are read once, however many budgets it has.
        const string Sql = """
            with spent as (
                select user_id, key_id, sum(cost_usd) as of_month, sum(case when started_at >= @day then cost_usd else 0 end) as of_day
                from usage_calls
                where practice_id = @practiceId and started_at >= @month
                group by user_id, key_id)
            select budgets.practice_id, budgets.scope, budgets.subject_id, budgets.period, budgets.amount_usd, budgets.thresholds,
                   (select coalesce(sum(case budgets.period when 'day' then spent.of_day else spent.of_month end), 0) from spent
                    where case budgets.scope when 'practice' then true when 'user' then spent.user_id = budgets.subject_id else spent.key_id = budgets.subject_id end) as spent_usd
            from budgets
            where budgets.practice_id = @practiceId
              and (@scope is null or (budgets.scope, budgets.subject_id, budgets.period) > (@scope, @subjectId, @period))
            order by budgets.scope, budgets.subject_id, budgets.period
            limit @limit
            """;
        var parameters = new
        {
            practiceId,
            scope = after?.Scope,
            subjectId = after?.SubjectId,
            period = after?.Period,
            day = BudgetPeriod.StartOf(BudgetPeriod.Day, now).ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc),
            month = BudgetPeriod.StartOf(BudgetPeriod.Month, now).ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc),
            limit,
        };
        return database.RunAsync(
            async (connection, token) => (IReadOnlyList<BudgetStanding>)[.. (await connection.QueryAsync<Row>(new(Sql, parameters, cancellationToken: token)))
                .Select(row => new BudgetStanding(row.ToBudget(), row.SpentUsd))],
            cancellationToken);
    }

    public Task<(Budget Budget, int Version)?> FindAsync(Guid practiceId, BudgetKey key, string period, CancellationToken cancellationToken) => database.RunAsync<(Budget, int)?>(
        async (connection, token) => await connection.QuerySingleOrDefaultAsync<Row>(new(
            $"select practice_id, scope, subject_id, period, amount_usd, thresholds, version from budgets where {One}",
            new { practiceId, key.Scope, key.SubjectId, period },
            cancellationToken: token)) is { } row ? (row.ToBudget(), row.Version) : null,
        cancellationToken);

    public Task<int> PutAsync(Guid practiceId, Budget budget, Action<int?> may, AuditEvent audited, CancellationToken cancellationToken) => database.RunInTransactionAsync(
        async (connection, transaction, token) =>
        {
            var held = await ReadVersionAsync(connection, transaction, practiceId, budget.Key, budget.Period, token);
            may(held);

            // One that was taken away and set again must not pass for the one before.
            var version = held + 1 ?? Random.Shared.Next(1, 1_000_000_000);
            await connection.ExecuteAsync(new(
                held is null
                    ? """
                      insert into budgets (practice_id, scope, subject_id, period, amount_usd, thresholds, version, changed_at)
                      values (@practiceId, @Scope, @SubjectId, @Period, @AmountUsd, @thresholds, @version, @now)
                      """
                    : $"update budgets set amount_usd = @AmountUsd, thresholds = @thresholds, version = @version, changed_at = @now where {One}",
                new
                {
                    practiceId,
                    budget.Key.Scope,
                    budget.Key.SubjectId,
                    budget.Period,
                    budget.AmountUsd,
                    thresholds = string.Join(',', budget.Thresholds.Select(threshold => threshold.ToString(CultureInfo.InvariantCulture))),
                    version,
                    now = timeProvider.GetUtcNow(),
                },
                transaction,
                cancellationToken: token));
            await AuditOutbox.AppendAsync(connection, transaction, practiceId, audited, token);
            return version;
        },
        cancellationToken);

    public Task DeleteAsync(Guid practiceId, BudgetKey key, string period, Action<int?> may, AuditEvent audited, CancellationToken cancellationToken) => database.RunInTransactionAsync(
        async (connection, transaction, token) =>
        {
            may(await ReadVersionAsync(connection, transaction, practiceId, key, period, token));
            await connection.ExecuteAsync(new($"delete from budgets where {One}", new { practiceId, key.Scope, key.SubjectId, period }, transaction, cancellationToken: token));
            await AuditOutbox.AppendAsync(connection, transaction, practiceId, audited, token);
        },
        cancellationToken);

    public Task<IReadOnlyList<decimal>> SumAsync(Guid practiceId, IReadOnlyList<BudgetKey> keys, DateOnly start, DateTimeOffset end, CancellationToken cancellationToken)
    {
        // Users have an index: where only they are asked for, the rest of the practice is not read.
        var ofUsers = keys.All(static key => key.Scope == BudgetScope.User) ? "and user_id in @users" : "";
        var sql = $"""
            select user_id, key_id, sum(cost_usd) as spent_usd
            from usage_calls
            where practice_id = @practiceId and started_at >= @from and started_at < @end {ofUsers}
            group by user_id, key_id
            """;
        var parameters = new { practiceId, users = keys.Select(static key => key.SubjectId), from = start.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc), end };
        return database.RunAsync(
            async (connection, token) =>
            {
                var sums = (await connection.QueryAsync<SpentRow>(new(sql, parameters, cancellationToken: token))).AsList();
                var (byUser, byKey) = (sums.ToLookup(static sum => sum.UserId), sums.ToLookup(static sum => sum.KeyId));
                IEnumerable<SpentRow> Of(BudgetKey key) => key.Scope switch
                {
                    BudgetScope.User => byUser[key.SubjectId],
                    BudgetScope.Key => byKey[key.SubjectId],
                    _ => sums,
                };
                return (IReadOnlyList<decimal>)[.. keys.Select(key => Of(key).Sum(static sum => sum.SpentUsd))];
            },
            cancellationToken);
    }

    public Task<bool> TryAddAlertAsync(Guid practiceId, BudgetAlert alert, CancellationToken cancellationToken) => database.RunAsync(
        async (connection, token) =>
        {
            try
            {
                await connection.ExecuteAsync(new(
                    """
                    insert into budget_alerts (id, practice_id, scope, subject_id, period, period_start, threshold, amount_usd, spent_usd, raised_at)
                    values (@Id, @practiceId, @Scope, @SubjectId, @Period, @Start, @Threshold, @AmountUsd, @SpentUsd, @RaisedAt)
                    """,
                    new { alert.Id, practiceId, alert.Key.Scope, alert.Key.SubjectId, alert.Period, alert.Start, alert.Threshold, alert.AmountUsd, alert.SpentUsd, alert.RaisedAt },
                    cancellationToken: token));
                return true;
            }
            catch (DbException exception) when (exception.IsDuplicateKey())
            {
                return false;
            }
        },
        cancellationToken);

    public Task<IReadOnlyList<BudgetAlert>> ListAlertsAsync(Guid practiceId, Guid? before, int limit, CancellationToken cancellationToken) => database.RunAsync(
        async (connection, token) => (IReadOnlyList<BudgetAlert>)[.. (await connection.QueryAsync<AlertRow>(new(
            """
            select id, practice_id, scope, subject_id, period, period_start, threshold, amount_usd, spent_usd, raised_at
            from budget_alerts
            where practice_id = @practiceId and (@before is null or id < @before)
            order by id desc
            limit @limit
            """,
            new { practiceId, before, limit },
            cancellationToken: token))).Select(row => row.ToAlert())],
        cancellationToken);

    // Locked, also the place of one that is not there yet: two changes at the same moment would both start from the same version.
    private static Task<int?> ReadVersionAsync(
        DbConnection connection, DbTransaction transaction, Guid practiceId, BudgetKey key, string period, CancellationToken cancellationToken) =>
        connection.QuerySingleOrDefaultAsync<int?>(new CommandDefinition(
            $"select version from budgets where {One} for update", new { practiceId, key.Scope, key.SubjectId, period }, transaction, cancellationToken: cancellationToken));

    private sealed record MarkRow
    {
        public long Count { get; init; }

        public DateTimeOffset? ChangedAt { get; init; }
    }

    private sealed record Row
    {
        public Guid PracticeId { get; init; }

        public string Scope { get; init; } = "";

        public Guid SubjectId { get; init; }

        public string Period { get; init; } = "";

        public decimal AmountUsd { get; init; }

        public string Thresholds { get; init; } = "";

        public decimal SpentUsd { get; init; }

        public int Version { get; init; }

        public Budget ToBudget() => new(
            new(PracticeId, Scope, SubjectId), Period, AmountUsd,
            [.. Thresholds.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(text => int.Parse(text, CultureInfo.InvariantCulture))]);
    }

    private sealed record SpentRow
    {
        public Guid UserId { get; init; }

        public Guid? KeyId { get; init; }

        public decimal SpentUsd { get; init; }
    }

    private sealed record AlertRow
    {
        public Guid Id { get; init; }

        public Guid PracticeId { get; init; }

        public string Scope { get; init; } = "";

        public Guid SubjectId { get; init; }

        public string Period { get; init; } = "";

        public DateOnly PeriodStart { get; init; }

        public int Threshold { get; init; }

        public decimal AmountUsd { get; init; }

        public decimal SpentUsd { get; init; }

        public DateTimeOffset RaisedAt { get; init; }

        public BudgetAlert ToAlert() => new(Id, new(PracticeId, Scope, SubjectId), Period, PeriodStart, Threshold, AmountUsd, SpentUsd, RaisedAt);
    }
}
