using System.Globalization;
using AiPlatform.Services.Api.Clients;
using AiPlatform.Services.Api.Http;
using AiPlatform.Services.Api.Practitioners;
using Dapper;

namespace AiPlatform.Services.Api.ClinicalSessions;

/// <summary>Which sessions, in which order: the statements that read and count them, with their parameters.</summary>
/// <param name="IsNarrow">They do not lie one after the other on the index by time, so all of them are found before the first is known.</param>
internal sealed record SessionQuery(string Where, DynamicParameters Parameters, bool IsNarrow)
{
    private string Place { get; init; } = "";

    // Somewhere on the index by time. With the names joined to it the database would go there row by row from its end.
    private bool IsWithin { get; init; }

    private string Order { get; init; } = "s.started_at desc, s.id desc";

    public static SessionQuery Of(Guid practiceId, SessionFilter filter)
    {
        var parameters = new DynamicParameters(new { practiceId, filter.Limit });
        filter.Scope.AddTo(parameters);
        var where = $"s.practice_id = @practiceId and {filter.Scope.Condition("s.client_id")}";
        Add(filter.Id, "id", "s.id = @id");
        Add(filter.ClientIds?.Select(id => id.ToString()), "clientIds", "s.client_id in @clientIds");
        Add(filter.PractitionerId, "practitionerId", "s.practitioner_id = @practitionerId");
        Add(filter.From, "earliest", "s.started_at >= @earliest");
        Add(filter.Before, "before", "s.started_at < @before");
        Add(filter.Status, "status", "s.status = @status");
        where += filter.HasTranscript switch
        {
            null => "",
            true => " and s.total_segments > 0",
            false => " and s.total_segments = 0",
        };

        // +sleep* +mother*: beginnings of words, all of them.
        Add(
            filter.Keywords.Count == 0
                ? null
                : string.Join(' ', filter.Keywords.Select(word => string.Create(CultureInfo.InvariantCulture, $"+{word}*"))),
            "words",
            """
            s.id in (
                select w.session_id from clinical_session_words w
                where match (w.words) against (@words in boolean mode) and w.practice_id = @practiceId)
            """);
        return new(where, parameters, filter.Id is null && (!filter.Scope.IsWholePractice || filter.ClientIds is not null || filter.Keywords.Count > 0))
        {
            IsWithin = filter.From is not null || filter.Before is not null,
        };

        void Add(object? value, string name, string condition)
        {
            if (value is not null)
            {
                parameters.Add(name, value);
                where += $" and {condition}";
            }
        }
    }

    /// <summary>From the cursor's place on; on an index page 1,000 costs what page 1 does.</summary>
    public SessionQuery InOrder(TimeCursor? after, bool oldestFirst)
    {
        var (than, order) = oldestFirst ? (">", "asc") : ("<", "desc");
        if (after is not null)
        {
            Parameters.Add("afterTime", after.Time);
            Parameters.Add("afterId", after.Id);
        }

        return this with
        {
            Place = after is null ? "" : $"and s.started_at {than}= @afterTime and (s.started_at {than} @afterTime or s.id {than} @afterId)",
            Order = $"s.started_at {order}, s.id {order}",
            IsWithin = IsWithin || after is not null,
        };
    }

    /// <summary>
    /// A page of them with the names of their people. Unless they are simply the first, they are found and put in order on an index alone, and whole rows are
    /// read for the page.
    /// </summary>
    /// <param name="counted">Whether <c>page.total</c> says how many there are; for narrow ones.</param>
    public string Select(string columns, bool counted) =>
        IsNarrow || IsWithin
            ? $"""
                select {columns}, client.name as client_name, practitioner.name as practitioner_name {(counted ? ", page.total" : "")}
                from (
                    select s.id {(counted ? ", count(*) over () as total" : "")}
                    from clinical_sessions s
                    where {Where} {Place}
                    order by {Order}
                    limit @Limit) page
                join clinical_sessions s on s.id = page.id
                {Names}
                order by {Order}
                """
            : $"""
                select {columns}, client.name as client_name, practitioner.name as practitioner_name
                from clinical_sessions s
                {Names}
                where {Where} {Place}
                order by {Order}
                limit @Limit
                """;

    public string Count() => $"select count(*) from clinical_sessions s where {Where}";

    private static string Names => $"{ClientNames.Join("s.client_id")} {PractitionerNames.Join("s.practitioner_id")}";
}
