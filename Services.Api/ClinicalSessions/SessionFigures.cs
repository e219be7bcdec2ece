using System.Globalization;
using AiPlatform.ServiceDefaults.Data;
using Dapper;

namespace AiPlatform.Services.Api.ClinicalSessions;

/// <summary>Sessions of a span in figures, counted on an index.</summary>
internal sealed class SessionFigures(Database database)
{
    /// <param name="practitionerId">Null for every one.</param>
    /// <param name="before">Exclusive.</param>
    public Task<IReadOnlyList<SessionFigure>> CountAsync(
        Guid practiceId, Guid? practitionerId, DateTimeOffset from, DateTimeOffset before, CancellationToken cancellationToken) =>
        database.RunAsync<IReadOnlyList<SessionFigure>>(
            async (connection, token) =>
            {
                var rows = await connection.QueryAsync<(Guid PractitionerId, string Status, long Count)>(new CommandDefinition(
                    $"""
                    select practitioner_id, status, count(*)
                    from clinical_sessions
                    where practice_id = @practiceId and started_at >= @from and started_at < @before {Of(practitionerId)}
                    group by practitioner_id, status
                    """,
                    new { practiceId, practitionerId, from, before },
                    cancellationToken: token));
                return [.. rows.Select(row => new SessionFigure(row.PractitionerId, row.Status, (int)row.Count))];
            },
            cancellationToken);

    /// <summary>By days of a time zone, which the database need not know.</summary>
    /// <param name="offsets">The zone's offsets, each from its moment on; the first from the beginning of the span.</param>
    public Task<IReadOnlyList<SessionDayFigure>> CountByDayAsync(
        Guid practiceId, Guid? practitionerId, IReadOnlyList<(DateTimeOffset From, TimeSpan Offset)> offsets, DateTimeOffset before,
        CancellationToken cancellationToken)
    {
        var parameters = new DynamicParameters(new { practiceId, practitionerId, before, from = offsets[0].From });
        foreach (var (index, (from, offset)) in offsets.Index())
        {
            parameters.Add(Name("change", index), from);
            parameters.Add(Name("offset", index), (int)offset.TotalSeconds);
        }

        // case when started_at >= @change2 then @offset2 when started_at >= @change1 then @offset1 else @offset0 end
        var latestFirst = Enumerable.Range(1, offsets.Count - 1).Reverse().Select(index => $"when started_at >= @{Name("change", index)} then @{Name("offset", index)}");
        var seconds = offsets.Count == 1 ? "@offset0" : $"case {string.Join(' ', latestFirst)} else @offset0 end";
        return database.RunAsync<IReadOnlyList<SessionDayFigure>>(
            async (connection, token) =>
            {
                var rows = await connection.QueryAsync<(DateOnly Day, string Status, long Count)>(new CommandDefinition(
                    $"""
                    select day, status, count(*)
                    from (
                        select date(timestampadd(second, {seconds}, started_at)) as day, status
                        from clinical_sessions
                        where practice_id = @practiceId and started_at >= @from and started_at < @before {Of(practitionerId)}) as local
                    group by day, status
                    order by day
                    """,
                    parameters,
                    cancellationToken: token));
                return [.. rows.Select(row => new SessionDayFigure(row.Day, row.Status, (int)row.Count))];
            },
            cancellationToken);
    }

    private static string Of(Guid? practitionerId) => practitionerId is null ? "" : "and practitioner_id = @practitionerId";

    private static string Name(string what, int index) => string.Create(CultureInfo.InvariantCulture, $"{what}{index}");
}

internal sealed record SessionFigure(Guid PractitionerId, string Status, int Count);

internal sealed record SessionDayFigure(DateOnly Day, string Status, int Count);
