using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Api.Clients;
using AiPlatform.Services.Api.ClinicalSessions;
using AiPlatform.Services.Api.Practices;
using AiPlatform.Services.Api.Practitioners;

namespace AiPlatform.Services.Api.Statistics;

/// <summary>
/// The figures of a practice for those who lead it and its front desk, a practitioner's own for themself; nobody else's. However long
/// the range, the number of statements is the same.
/// </summary>
internal sealed class StatisticsService(
    PracticeService practices, PractitionerService practitioners, IPractitionerStore practitionerStore, SessionFigures sessions,
    ClientFigures clients, ClientGate gate, TimeProvider timeProvider)
{
    private const int MostDaysByDay = 92;

    public async Task<StatisticsResponse> ReadAsync(CurrentUser user, StatisticsQuery query, CancellationToken cancellationToken)
    {
        var own = await FindOwnAsync(user, cancellationToken);
        var practice = await practices.FindAsync(user.PracticeId, cancellationToken);
        var zone = TimeZones.Find(practice.TimeZone);
        var range = DateRange.Check(query.From, query.To, LocalDay.DateAt(timeProvider.GetUtcNow(), zone));
        var (start, end) = (LocalDay.StartOf(range.From, zone), LocalDay.StartOf(range.To.AddDays(1), zone));

        var counted = await sessions.CountAsync(user.PracticeId, own?.Id, start, end, cancellationToken);
        var clientCounts = await clients.CountAsync(
            user.PracticeId, await gate.ScopeOfAsync(user, cancellationToken), range.From, range.To, cancellationToken);
        var (active, inactive) = await practitionerStore.CountAsync(user.PracticeId, cancellationToken);
        var (planned, held, cancelled) = Sum(counted.Select(figure => (figure.Status, figure.Count)));
        return new(
            own is null ? "practice" : "own", own?.Id, DateRangeResponse.Of(range), practice.TimeZone,
            new(
                clientCounts.Sum(figure => figure.Count),
                clientCounts.Where(figure => figure.Status is "active").Sum(figure => figure.Count),
                clientCounts.Sum(figure => figure.New),
                [.. clientCounts.Select(figure => new ClientStatusResponse(figure.Status, figure.Count))]),
            new(planned + held + cancelled, planned, held, cancelled),
            new(active, inactive))
        {
            Billing = query.IncludeBilling ? await BillAsync(practice, counted, cancellationToken) : null,
            Appointments = query.IncludeAppointments
                ? Group(
                    query.Interval ?? (range.To.DayNumber - range.From.DayNumber < MostDaysByDay ? StatisticsInterval.Day : StatisticsInterval.Week),
                    await sessions.CountByDayAsync(user.PracticeId, own?.Id, ZoneOffsets.Of(zone, start, end), end, cancellationToken))
                : null,
        };
    }

    /// <returns>The practitioner whose figures they are; null for the whole practice.</returns>
    private async Task<Practitioner?> FindOwnAsync(CurrentUser user, CancellationToken cancellationToken) => user.Role switch
    {
        UserRole.Owner or UserRole.Admin or UserRole.Reception => null,
        UserRole.Practitioner when await practitioners.FindOwnAsync(user, cancellationToken) is { } own => own,
        _ => throw new DomainException(DomainErrorKind.Forbidden, "stats.forbidden", "Figures are for those who lead, for reception, and for practitioners their own."),
    };

    private async Task<BillingResponse> BillAsync(Practice practice, IReadOnlyList<SessionFigure> counted, CancellationToken cancellationToken)
    {
        var held = counted.Where(figure => figure.Status is SessionStatus.Held).ToDictionary(figure => figure.PractitionerId, figure => figure.Count);
        var found = await practitionerStore.ListAsync(
            practice.Id, new(Active: null, held.Keys, Descending: false, After: null, Limit: held.Count), cancellationToken);
        var bills = found
            .Select(practitioner => (Practitioner: practitioner, Sessions: held[practitioner.Id], Fee: SessionFees.Of(practice, practitioner)))
            .Select(bill => new PractitionerBillingResponse(
                bill.Practitioner.Id, bill.Practitioner.Name, bill.Sessions, bill.Fee, bill.Sessions * (long)(bill.Fee ?? 0)))
            .ToList();
        var billed = bills.Where(bill => bill.FeeMinor is not null).Sum(bill => bill.Sessions);
        return new(practice.Currency, "minor", billed, held.Values.Sum() - billed, bills.Sum(bill => bill.AmountMinor), bills);
    }

    private static AppointmentsResponse Group(string interval, IReadOnlyList<SessionDayFigure> days) =>
        new(interval, [.. days
            .GroupBy(day => interval is StatisticsInterval.Day ? day.Day : day.Day.AddDays(-(((int)day.Day.DayOfWeek + 6) % 7)))
            .Select(group =>
            {
                var (planned, held, cancelled) = Sum(group.Select(day => (day.Status, day.Count)));
                return new AppointmentCountResponse(group.Key, planned + held + cancelled, planned, held, cancelled);
            })]);

    private static (int Planned, int Held, int Cancelled) Sum(IEnumerable<(string Status, int Count)> figures)
    {
        var sums = figures.ToLookup(figure => figure.Status, figure => figure.Count);
        return (sums[SessionStatus.Planned].Sum(), sums[SessionStatus.Held].Sum(), sums[SessionStatus.Cancelled].Sum());
    }
}

/// <param name="Interval">Null: days for up to 92 of them, weeks for more.</param>
internal sealed record StatisticsQuery(DateOnly? From, DateOnly? To, bool IncludeBilling, bool IncludeAppointments, string? Interval);

internal static class StatisticsInterval
{
    public const string Day = "day";
    public const string Week = "week";
}
