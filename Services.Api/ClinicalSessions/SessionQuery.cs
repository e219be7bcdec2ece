using System.Globalization;
using AiPlatform.Services.Api.Http;
using Dapper;

namespace AiPlatform.Services.Api.ClinicalSessions;

/// <summary>The part of a statement that says which sessions, with its parameters.</summary>
internal sealed record SessionQuery(string From, DynamicParameters Parameters)
{
    public static SessionQuery Of(Guid practiceId, SessionFilter filter)
    {
        var parameters = new DynamicParameters(new { practiceId, filter.Limit });
        filter.Scope.AddTo(parameters);
        var from = $"from clinical_sessions s where s.practice_id = @practiceId and {filter.Scope.Condition("s.client_id")}";
        Add(filter.ClientIds?.Select(id => id.ToString()), "clientIds", "s.client_id in @clientIds");
        Add(filter.PractitionerId, "practitionerId", "s.practitioner_id = @practitionerId");
        Add(filter.From, "earliest", "s.started_at >= @earliest");
        Add(filter.Before, "before", "s.started_at < @before");
        Add(filter.Status, "status", "s.status = @status");
        from += filter.HasTranscript switch
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
        return new(from, parameters);

        void Add(object? value, string name, string condition)
        {
            if (value is not null)
            {
                parameters.Add(name, value);
                from += $" and {condition}";
            }
        }
    }

    /// <summary>In the order of time, from the cursor's place on, on an index: page 1,000 costs what page 1 does.</summary>
    public SessionQuery InOrder(TimeCursor? after, bool oldestFirst)
    {
        var (than, order) = oldestFirst ? (">", "asc") : ("<", "desc");
        var place = "";
        if (after is not null)
        {
            Parameters.Add("afterTime", after.Time);
            Parameters.Add("afterId", after.Id);
            place = $" and s.started_at {than}= @afterTime and (s.started_at {than} @afterTime or s.id {than} @afterId)";
        }

        return this with { From = $"{From}{place} order by s.started_at {order}, s.id {order} limit @Limit" };
    }
}
