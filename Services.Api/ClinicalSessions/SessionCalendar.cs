using AiPlatform.ServiceDefaults.Data;
using AiPlatform.Services.Api.Clients;
using Dapper;

namespace AiPlatform.Services.Api.ClinicalSessions;

/// <summary>A session as a calendar knows it, without what was said.</summary>
/// <param name="ClientName">Null when there is no such client.</param>
/// <param name="Status">One of <see cref="SessionStatus"/>.</param>
internal sealed record Appointment(
    Guid Id, Guid ClientId, string? ClientName, Guid PractitionerId, string Title, DateTimeOffset StartedAt, int DurationSeconds, string Status,
    int TotalSegments)
{
    public bool HasTranscript => TotalSegments > 0;
}

/// <summary>Sessions by their time, oldest first.</summary>
internal sealed class SessionCalendar(Database database)
{
    public Task<IReadOnlyList<Appointment>> ListAsync(Guid practiceId, AppointmentFilter filter, CancellationToken cancellationToken)
    {
        var parameters = new DynamicParameters(
            new { practiceId, filter.ClientId, filter.PractitionerId, filter.From, filter.Before, filter.Status, filter.Limit });
        filter.Scope.AddTo(parameters);
        var client = filter.ClientId is null ? "" : "and s.client_id = @ClientId";
        var practitioner = filter.PractitionerId is null ? "" : "and s.practitioner_id = @PractitionerId";
        var before = filter.Before is null ? "" : "and s.started_at < @Before";
        var status = filter.Status is null ? "" : "and s.status = @Status";
        return database.RunAsync<IReadOnlyList<Appointment>>(
            async (connection, token) => [.. await connection.QueryAsync<Appointment>(new CommandDefinition(
                $"""
                select s.id, s.client_id, client.name as client_name, s.practitioner_id, s.title, s.started_at, s.duration_seconds, s.status,
                       s.total_segments
                from clinical_sessions s
                {ClientNames.Join("s.client_id")}
                where s.practice_id = @practiceId and s.started_at >= @From {before} {client} {practitioner} {status}
                  and {filter.Scope.ConditionOfFew("s.client_id")}
                order by s.started_at, s.id
                limit @Limit
                """,
                parameters,
                cancellationToken: token))],
            cancellationToken);
    }
}

/// <param name="ClientId">Null, as the practitioner, for every one.</param>
/// <param name="Before">Exclusive; null for no end.</param>
/// <param name="Status">Null for every one.</param>
internal sealed record AppointmentFilter(
    ClientScope Scope, Guid? ClientId, Guid? PractitionerId, DateTimeOffset From, DateTimeOffset? Before, string? Status, int Limit);
