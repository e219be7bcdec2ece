using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.Services.Api.Clients;
using AiPlatform.Services.Api.ClinicalSessions;
using AiPlatform.Services.Api.Homework;
using AiPlatform.Services.Api.Http;
using AiPlatform.Services.Api.Mood;
using AiPlatform.Services.Api.Practices;
using AiPlatform.Services.Api.Practitioners;

namespace AiPlatform.Services.Api.Reports;

/// <summary>Gathers what a report is made of from the features that own it, in a fixed number of statements.</summary>
internal sealed class ReportReader(
    SessionCalendar calendar, IPractitionerStore practitioners, IHomeworkStore homework, HomeworkFigures results, IMoodStore moods)
{
    private const int MaxRecords = 2000;

    /// <param name="client">Whom the caller may see.</param>
    /// <param name="clinical">Whether homework and moods belong to it.</param>
    public async Task<ReportMatter> ReadAsync(
        Practice practice, Client client, DateRange range, TimeZoneInfo zone, DateTimeOffset now, bool clinical, CancellationToken cancellationToken)
    {
        var (start, end) = (LocalDay.StartOf(range.From, zone), LocalDay.StartOf(range.To.AddDays(1), zone));
        var filter = new AppointmentFilter(
            ClientScope.Only(client.Id), client.Id, PractitionerId: null, start, end, Status: null, MaxRecords + 1);
        var found = Bounded(await calendar.ListAsync(practice.Id, filter, cancellationToken));
        var treating = await FindPractitionersAsync(practice.Id, [.. found.Select(session => session.PractitionerId).Distinct()], cancellationToken);
        var empty = new ReportMatter(practice, client, range, zone, now, found, treating, [], [], []);
        if (!clinical)
        {
            return empty;
        }

        // A place before every id of its time: from there on, or up to there.
        var given = await homework.ListAsync(
            practice.Id, client.Id, new(Status: null, now, OldestFirst: true, new TimeCursor(start, Guid.Empty), MaxRecords + 1), cancellationToken);
        var submitted = await results.ListResultsAsync(practice.Id, client.Id, start, end, MaxRecords + 1, cancellationToken);
        var (said, _) = await moods.ReadAsync(practice.Id, client.Id, start, new TimeCursor(end, Guid.Empty), MaxRecords + 1, cancellationToken);
        return empty with
        {
            Assignments = Bounded([.. given.Where(assignment => assignment.AssignedAt < end)]),
            Results = Bounded(submitted),
            Moods = [.. Bounded(said).Reverse()],
        };
    }

    private async Task<IReadOnlyDictionary<Guid, Practitioner>> FindPractitionersAsync(
        Guid practiceId, IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken)
    {
        var filter = new PractitionerFilter(Active: null, ids, Descending: false, After: null, ids.Count);
        return (await practitioners.ListAsync(practiceId, filter, cancellationToken)).ToDictionary(practitioner => practitioner.Id);
    }

    private static IReadOnlyList<T> Bounded<T>(IReadOnlyList<T> records) =>
        records.Count <= MaxRecords
            ? records
            : throw new DomainException(
                DomainErrorKind.Unprocessable, "report.range_too_large", $"The days hold more than {MaxRecords} records of a kind; ask for fewer days.")
            {
                Errors = [new("dateRange", "Too many records for one report.", "report.range_too_large")],
            };
}
