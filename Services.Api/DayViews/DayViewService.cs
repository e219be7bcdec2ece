using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Api.Clients;
using AiPlatform.Services.Api.ClinicalSessions;
using AiPlatform.Services.Api.Homework;
using AiPlatform.Services.Api.Practices;
using AiPlatform.Services.Api.Practitioners;

namespace AiPlatform.Services.Api.DayViews;

/// <summary>What a practitioner's day brings: their sessions, the next one, and who waits for them.</summary>
internal sealed class DayViewService(
    PractitionerService practitioners, SessionCalendar calendar, HomeworkFigures homework, ClientGate gate, TimeProvider timeProvider)
{
    private const int MaxSessions = 200;
    private const int MaxAwaiting = 50;

    public async Task<DayViewResponse> ReadAsync(CurrentUser user, TimeZoneInfo zone, CancellationToken cancellationToken)
    {
        var practitioner = await practitioners.FindOwnAsync(user, cancellationToken) ?? throw PractitionerAccess.NoProfile();
        var scope = await gate.ScopeOfAsync(user, cancellationToken);
        var now = timeProvider.GetUtcNow();
        var day = LocalDay.At(now, zone);
        var ofDay = new AppointmentFilter(scope, ClientId: null, practitioner.Id, day.Start, day.End, Status: null, MaxSessions);
        var today = await calendar.ListAsync(user.PracticeId, ofDay, cancellationToken);
        var next = today.FirstOrDefault(session => session.Status == SessionStatus.Planned && session.StartedAt >= now)
            ?? await FindNextAsync(user.PracticeId, ofDay, now, cancellationToken);
        var awaiting = await homework.ReadAwaitingAsync(user.PracticeId, practitioner.Id, scope, MaxAwaiting, cancellationToken);
        return new(
            practitioner.Id, day.Date, zone.Id, TimeZoneInfo.ConvertTime(day.Start, zone), TimeZoneInfo.ConvertTime(day.End, zone),
            [.. today.Select(ToResponse)],
            next is null ? null : ToResponse(next),
            new(
                awaiting.TotalClients,
                awaiting.TotalResults,
                [.. awaiting.Clients.Select(client => new AwaitingClientResponse(
                    client.ClientId, client.ClientName, client.Results, TimeZoneInfo.ConvertTime(client.Since, zone)))]));

        DaySessionResponse ToResponse(Appointment session) => new(
            session.Id, session.ClientId, session.ClientName, session.Title, TimeZoneInfo.ConvertTime(session.StartedAt, zone),
            session.DurationSeconds, session.Status, session.HasTranscript);
    }

    private async Task<Appointment?> FindNextAsync(Guid practiceId, AppointmentFilter ofDay, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var coming = ofDay with { From = now, Before = null, Status = SessionStatus.Planned, Limit = 1 };
        return (await calendar.ListAsync(practiceId, coming, cancellationToken)).SingleOrDefault();
    }
}
