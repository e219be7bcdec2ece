using AiPlatform.ServiceDefaults.Data;
using Dapper;

namespace AiPlatform.Services.Api.Data;

/// <summary>A table with an <c>updated_at</c>, and what is read of it. Its feature names it; nobody else knows its columns.</summary>
/// <param name="Table">Has an index <c>[table]_updated</c> on practice, time and id.</param>
/// <param name="ClientColumn">Whose record it is; null for what belongs to no client.</param>
internal sealed record ChangeSource(string Table, string Columns, string? ClientColumn);

/// <summary>Reads records in the order of their last change, on an index: page 1,000 costs what page 1 does.</summary>
internal sealed class ChangeReader(Database database)
{
    public async Task<IReadOnlyList<T>> ListAsync<T>(ChangeSource source, Guid practiceId, ChangeFilter filter, CancellationToken cancellationToken)
    {
        if (filter.MatchesNone)
        {
            return [];
        }

        var (where, parameters) = Matching(source, practiceId, filter);

        // Nothing narrower than the time: left alone, the server may rather sort all of a practice than walk its index.
        var isNarrow = filter.Ids is not null || (source.ClientColumn is not null && (filter.ClientIds is not null || !filter.Scope.IsWholePractice));
        var index = isNarrow ? "" : $" force index ({source.Table}_updated)";
        return await database.RunAsync<IReadOnlyList<T>>(
            async (connection, token) => [.. await connection.QueryAsync<T>(new CommandDefinition(
                $"select {source.Columns} from {source.Table}{index} {where} order by updated_at, id limit @limit", parameters, cancellationToken: token))],
            cancellationToken);
    }

    public async Task<int> CountAsync(ChangeSource source, Guid practiceId, ChangeFilter filter, CancellationToken cancellationToken)
    {
        if (filter.MatchesNone)
        {
            return 0;
        }

        var (where, parameters) = Matching(source, practiceId, filter);
        return await database.RunAsync(
            (connection, token) => connection.ExecuteScalarAsync<int>(
                new CommandDefinition($"select count(*) from {source.Table} {where}", parameters, cancellationToken: token)),
            cancellationToken);
    }

    private static (string Where, DynamicParameters Parameters) Matching(ChangeSource source, Guid practiceId, ChangeFilter filter)
    {
        var parameters = new DynamicParameters();
        parameters.Add("practiceId", practiceId);
        parameters.Add("limit", filter.Limit);
        List<string> conditions = ["practice_id = @practiceId"];
        if (filter.Ids is { } ids)
        {
            parameters.Add("ids", ids.Select(id => id.ToString()));
            conditions.Add("id in @ids");
        }

        if (source.ClientColumn is { } clientColumn)
        {
            filter.Scope.AddTo(parameters);
            conditions.Add(filter.Scope.Condition($"{source.Table}.{clientColumn}"));
            if (filter.ClientIds is { } clientIds)
            {
                parameters.Add("clientIds", clientIds.Select(id => id.ToString()));
                conditions.Add($"{clientColumn} in @clientIds");
            }
        }

        var name = 0;
        string Time(DateTimeOffset time)
        {
            parameters.Add($"time{++name}", time);
            return $"@time{name}";
        }

        foreach (var period in filter.Within)
        {
            conditions.AddRange(period.From is { } earliest ? [$"updated_at >= {Time(earliest)}"] : []);
            conditions.AddRange(period.Before is { } before ? [$"updated_at < {Time(before)}"] : []);
        }

        foreach (var period in filter.Outside)
        {
            conditions.Add($"(updated_at < {Time(period.From!.Value)} or updated_at >= {Time(period.Before!.Value)})");
        }

        if (filter.After is { } after)
        {
            var place = Time(after.UpdatedAt);
            parameters.Add("afterId", after.Id);
            conditions.Add($"updated_at >= {place} and (updated_at > {place} or id > @afterId)");
        }

        return ($"where {string.Join(" and ", conditions)}", parameters);
    }
}
