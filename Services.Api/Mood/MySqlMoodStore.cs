using AiPlatform.ServiceDefaults.Data;
using AiPlatform.ServiceDefaults.Writes;
using AiPlatform.Services.Api.Audit;
using AiPlatform.Services.Api.Http;
using Dapper;

namespace AiPlatform.Services.Api.Mood;

internal sealed class MySqlMoodStore(Database database, CreateOnce creates, AuditTrail audit) : IMoodStore
{
    private const string Columns = "id, client_id, mood, scale, note, recorded_at";

    public async Task<(MoodEntry Entry, bool Created)> AddAsync(
        Guid practiceId, WriteKey key, MoodEntry entry, AuditEntry audited, CancellationToken cancellationToken)
    {
        var now = audited.OccurredAt;
        var (id, created) = await creates.RunAsync(
            practiceId, key, entry.Id, now,
            async (connection, transaction, token) =>
            {
                await connection.ExecuteAsync(new CommandDefinition(
                    """
                    insert into mood_entries (id, practice_id, client_id, mood, scale, note, recorded_at, created_at)
                    values (@Id, @practiceId, @ClientId, @Mood, @Scale, @Note, @RecordedAt, @now)
                    """,
                    new { entry.Id, practiceId, entry.ClientId, entry.Mood, entry.Scale, entry.Note, entry.RecordedAt, now },
                    transaction,
                    cancellationToken: token));
                await audit.AppendAsync(connection, transaction, practiceId, audited, token);
            },
            cancellationToken);
        var stored = await database.RunAsync(
            (connection, token) => connection.QuerySingleAsync<MoodEntry>(new CommandDefinition(
                $"select {Columns} from mood_entries where id = @id and practice_id = @practiceId",
                new { practiceId, id },
                cancellationToken: token)),
            cancellationToken);
        return (stored, created);
    }

    public Task<(IReadOnlyList<MoodEntry> Entries, MoodFigures Figures)> ReadAsync(
        Guid practiceId, Guid clientId, DateTimeOffset from, TimeCursor? after, int limit, CancellationToken cancellationToken)
    {
        const string Own = "practice_id = @practiceId and client_id = @clientId and recorded_at >= @from";
        var place = after is null ? "" : "and recorded_at <= @afterTime and (recorded_at < @afterTime or id < @afterId)";
        var parameters = new { practiceId, clientId, from, limit, afterTime = after?.Time, afterId = after?.Id };
        return database.RunAsync<(IReadOnlyList<MoodEntry>, MoodFigures)>(
            async (connection, token) =>
            {
                var entries = await connection.QueryAsync<MoodEntry>(new CommandDefinition(
                    $"select {Columns} from mood_entries where {Own} {place} order by recorded_at desc, id desc limit @limit",
                    parameters,
                    cancellationToken: token));

                // Least squares: x in days since the span began, y the scale. Doubles, because decimals would be cut after four digits.
                var figures = await connection.QuerySingleAsync<FiguresRow>(new CommandDefinition(
                    $"""
                    select count(*) as count, avg(y) as average, min(y) as lowest, max(y) as highest,
                           (count(*) * sum(x * y) - sum(x) * sum(y)) / nullif(count(*) * sum(x * x) - sum(x) * sum(x), 0) as slope_per_day
                    from (
                        select timestampdiff(second, @from, recorded_at) / 86400e0 as x, scale + 0e0 as y
                        from mood_entries
                        where {Own}) as points
                    """,
                    parameters,
                    cancellationToken: token));
                return ([.. entries], figures.ToFigures());
            },
            cancellationToken);
    }

    public async Task<IReadOnlyDictionary<Guid, DateTimeOffset>> FindLastAsync(
        Guid practiceId, IReadOnlyCollection<Guid> clientIds, CancellationToken cancellationToken)
    {
        if (clientIds.Count == 0)
        {
            return new Dictionary<Guid, DateTimeOffset>();
        }

        return await database.RunAsync(
            async (connection, token) =>
            {
                var rows = await connection.QueryAsync<(Guid ClientId, DateTimeOffset Last)>(new CommandDefinition(
                    """
                    select client_id, max(recorded_at)
                    from mood_entries
                    where practice_id = @practiceId and client_id in @clientIds
                    group by client_id
                    """,
                    new { practiceId, clientIds = clientIds.Select(id => id.ToString()) },
                    cancellationToken: token));
                return rows.ToDictionary(row => row.ClientId, row => row.Last);
            },
            cancellationToken);
    }

    private sealed record FiguresRow(long Count, double? Average, double? Lowest, double? Highest, double? SlopePerDay)
    {
        public MoodFigures ToFigures() => new((int)Count, Average, (int?)Lowest, (int?)Highest, SlopePerDay);
    }
}
