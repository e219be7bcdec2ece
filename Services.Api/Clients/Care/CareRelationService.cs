using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.ServiceDefaults.Writes;
using AiPlatform.Services.Api.Audit;
using AiPlatform.Services.Api.Http;
using AiPlatform.Services.Api.Practices;
using AiPlatform.Services.Api.Practitioners;

namespace AiPlatform.Services.Api.Clients.Care;

/// <summary>Who treats whom, and since and until when. It is arranged by those who lead and by reception, and opens the client to who treats them.</summary>
internal sealed partial class CareRelationService(
    ClientGate gate, ICareRelationStore relations, IPractitionerStore practitioners, PracticeClock clock, AuditQueue audit, TimeProvider timeProvider,
    ILogger<CareRelationService> logger)
{
    private const int YearsAhead = 5;
    private static readonly DateOnly Earliest = new(1970, 1, 1);

    public static void EnsureMayArrange(CurrentUser user)
    {
        if (!user.Leads() && user.Role is not UserRole.Reception)
        {
            throw new DomainException(DomainErrorKind.Forbidden, "care.arrange_forbidden", "Who treats whom is arranged by those who lead and by reception.");
        }
    }

    public async Task<CareRelationListResponse> ListAsync(
        CurrentUser user, Guid clientId, string? status, TimeCursor? after, int limit, CancellationToken cancellationToken)
    {
        var seen = await gate.SeesAsync(user, clientId, cancellationToken);
        await RecordReadAsync(user, AuditRecords.Client, clientId, seen, cancellationToken);
        if (!seen)
        {
            throw ClientAccess.NotFound();
        }

        var today = await clock.TodayAsync(user.PracticeId, cancellationToken);
        var found = await relations.ListAsync(user.PracticeId, clientId, new(status, today, after, limit + 1), cancellationToken);
        var (page, next) = TimeCursor.Page(found, limit, relation => new(new(relation.StartedOn, TimeOnly.MinValue, TimeSpan.Zero), relation.Id));
        return new(await DescribeAsync(user.PracticeId, page, today, cancellationToken), next);
    }

    public async Task<(CareRelationResponse Relation, int Version)> GetAsync(CurrentUser user, Guid id, CancellationToken cancellationToken)
    {
        var scope = await gate.ScopeOfAsync(user, cancellationToken);
        var found = await relations.FindAsync(user.PracticeId, scope, id, cancellationToken);
        await RecordReadAsync(user, AuditRecords.CareRelation, id, found is not null, cancellationToken);
        return await DescribeAsync(user.PracticeId, found ?? throw NotFound(), cancellationToken);
    }

    public async Task<(CareRelationResponse Relation, int Version, bool Created)> ArrangeAsync(
        CurrentUser user, Guid clientId, ArrangeCareRequest request, WriteKey key, CancellationToken cancellationToken)
    {
        if (!await gate.SeesAsync(user, clientId, cancellationToken))
        {
            throw ClientAccess.NotFound();
        }

        var (now, today) = (timeProvider.GetUtcNow(), await clock.TodayAsync(user.PracticeId, cancellationToken));
        var faults = new Faults("care.invalid");
        if (request.PractitionerId is not { } practitionerId
            || await practitioners.FindAsync(user.PracticeId, practitionerId, cancellationToken) is not { Active: true })
        {
            faults.Add("practitionerId", "care.practitioner_unknown", "There is no such practitioner who treats now.");
        }

        if (request.Kind is not (CareKind.Main or CareKind.Joint or CareKind.Cover))
        {
            faults.Add("kind", "care.kind_unknown", "The kind is main, joint or cover.");
        }

        var (startedOn, endedOn) = CheckDays(request.StartedOn, request.EndedOn, today, faults);
        faults.Throw();

        var relation = new CareRelation(
            Guid.CreateVersion7(now), clientId, request.PractitionerId!.Value, request.Kind!, startedOn, endedOn, now, Version: 1);
        var audited = AuditEntry.By(user, AuditActions.CareArranged, AuditRecords.CareRelation, relation.Id, now);
        var (id, created) = await relations.AddAsync(user.PracticeId, key, relation, today, audited, cancellationToken);
        if (created)
        {
            LogArranged(id, clientId);
        }

        var stored = await relations.FindAsync(user.PracticeId, ClientScope.WholePractice, id, cancellationToken) ?? throw NotFound();
        var (described, version) = await DescribeAsync(user.PracticeId, stored, cancellationToken);
        return (described, version, created);
    }

    public async Task<(CareRelationResponse Relation, int Version)> ChangeAsync(
        CurrentUser user, Guid id, ChangeCareRequest request, IfMatch ifMatch, CancellationToken cancellationToken)
    {
        var scope = await gate.ScopeOfAsync(user, cancellationToken);
        var known = await relations.FindAsync(user.PracticeId, scope, id, cancellationToken) ?? throw NotFound();
        var (now, today) = (timeProvider.GetUtcNow(), await clock.TodayAsync(user.PracticeId, cancellationToken));
        var audited = AuditEntry.By(user, AuditActions.CareChanged, AuditRecords.CareRelation, id, now);
        var changed = await relations.ChangeAsync(
            user.PracticeId,
            known,
            found =>
            {
                ifMatch.Ensure(found.Version);
                var faults = new Faults("care.invalid");
                var (startedOn, endedOn) = CheckDays(request.StartedOn, request.EndedOn, today, faults);
                faults.Throw();
                return found with { StartedOn = startedOn, EndedOn = endedOn };
            },
            today,
            audited,
            cancellationToken);
        return await DescribeAsync(user.PracticeId, changed, cancellationToken);
    }

    private static (DateOnly StartedOn, DateOnly? EndedOn) CheckDays(DateOnly? startedOn, DateOnly? endedOn, DateOnly today, Faults faults)
    {
        var latest = today.AddYears(YearsAhead);
        var start = faults.Date("startedOn", startedOn, Earliest, latest);
        if (endedOn is not null)
        {
            faults.Date("endedOn", endedOn, start, latest);
        }

        return (start, endedOn);
    }

    private ValueTask RecordReadAsync(CurrentUser user, string recordType, Guid recordId, bool seen, CancellationToken cancellationToken) => audit.RecordAsync(
        user.PracticeId,
        AuditEntry.By(user, AuditActions.CareRead, recordType, recordId, timeProvider.GetUtcNow(), seen ? AuditOutcomes.Success : AuditOutcomes.Refused),
        cancellationToken);

    private async Task<(CareRelationResponse Relation, int Version)> DescribeAsync(
        Guid practiceId, CareRelation relation, CancellationToken cancellationToken)
    {
        var today = await clock.TodayAsync(practiceId, cancellationToken);
        return ((await DescribeAsync(practiceId, [relation], today, cancellationToken))[0], relation.Version);
    }

    private async Task<IReadOnlyList<CareRelationResponse>> DescribeAsync(
        Guid practiceId, IReadOnlyList<CareRelation> found, DateOnly today, CancellationToken cancellationToken)
    {
        var names = await practitioners.FindNamesAsync(practiceId, [.. found.Select(relation => relation.PractitionerId)], cancellationToken);
        return [.. found.Select(relation => new CareRelationResponse(
            relation.Id, relation.ClientId, relation.PractitionerId, names.GetValueOrDefault(relation.PractitionerId), relation.Kind,
            relation.StatusOn(today), relation.StartedOn, relation.EndedOn))];
    }

    private static DomainException NotFound() => new(DomainErrorKind.NotFound, "care.not_found", "There is no such care relation.");

    [LoggerMessage(LogLevel.Information, "Arranged care relation {RelationId} of client {ClientId}.")]
    private partial void LogArranged(Guid relationId, Guid clientId);
}
