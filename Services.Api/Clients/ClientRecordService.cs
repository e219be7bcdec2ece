using AiPlatform.ServiceDefaults.Security;
using AiPlatform.ServiceDefaults.Writes;
using AiPlatform.Services.Api.Audit;
using AiPlatform.Services.Api.Clients.Care;
using AiPlatform.Services.Api.Practices;
using AiPlatform.Services.Api.Practitioners;

namespace AiPlatform.Services.Api.Clients;

/// <summary>Taking in a client and keeping their record.</summary>
internal sealed partial class ClientRecordService(
    ClientGate gate, ClientRecords records, IPractitionerStore practitioners, PracticeClock clock, TimeProvider timeProvider,
    ILogger<ClientRecordService> logger)
{
    public async Task<(Client Client, bool Created)> CreateAsync(
        CurrentUser user, ClientRecordRequest request, WriteKey key, CancellationToken cancellationToken)
    {
        ClientRules.EnsureMayWrite(user, request, main: user.ProfileId);
        var (now, today) = (timeProvider.GetUtcNow(), await clock.TodayAsync(user.PracticeId, cancellationToken));
        var blank = new Client(
            Guid.CreateVersion7(now), user.ProfileId ?? Guid.Empty, Name: "", ClientStatus.New, Pronouns: "", DateOfBirth: default, Email: "", Phone: "",
            StartedAt: today, PresentingConcerns: "", Goals: [], Notes: "", Version: 1);
        var faults = new Faults("client.invalid");
        var client = ClientRules.Apply(blank, request, today, user, faults);
        await EnsureTreatsAsync(user.PracticeId, client.PractitionerId, faults, cancellationToken);
        faults.Throw();

        // Who is to treat them from a later day on has to see their record before.
        var care = MainRelation(client, client.StartedAt < today ? client.StartedAt : today, now);
        var audited = AuditEntry.By(user, AuditActions.ClientCreated, AuditRecords.Client, client.Id, now);
        var (id, created) = await records.AddAsync(user.PracticeId, key, client, care, audited, cancellationToken);
        if (created)
        {
            LogCreated(id);
        }

        return (await gate.FindAsync(user, id, cancellationToken) ?? throw ClientAccess.NotFound(), created);
    }

    public async Task<Client> ChangeAsync(
        CurrentUser user, Guid id, ClientRecordRequest request, IfMatch ifMatch, CancellationToken cancellationToken)
    {
        var known = await gate.FindAsync(user, id, cancellationToken) ?? throw ClientAccess.NotFound();
        var (now, today) = (timeProvider.GetUtcNow(), await clock.TodayAsync(user.PracticeId, cancellationToken));
        var faults = new Faults("client.invalid");
        if (request.PractitionerId is { } next && next != known.PractitionerId)
        {
            await EnsureTreatsAsync(user.PracticeId, next, faults, cancellationToken);
        }

        return await records.ChangeAsync(
            user.PracticeId,
            id,
            found =>
            {
                ifMatch.Ensure(found.Version);
                ClientRules.EnsureMayWrite(user, request, main: found.PractitionerId);
                var changed = ClientRules.Apply(found, request, today, user, faults);
                faults.Throw();
                return changed;
            },
            changed => MainRelation(changed, today, now),
            AuditEntry.By(user, AuditActions.ClientChanged, AuditRecords.Client, id, now),
            cancellationToken);
    }

    private static CareRelation MainRelation(Client client, DateOnly startedOn, DateTimeOffset now) =>
        new(Guid.CreateVersion7(now), client.Id, client.PractitionerId, CareKind.Main, startedOn, EndedOn: null, now, Version: 1);

    private async Task EnsureTreatsAsync(Guid practiceId, Guid practitionerId, Faults faults, CancellationToken cancellationToken)
    {
        if (await practitioners.FindAsync(practiceId, practitionerId, cancellationToken) is not { Active: true })
        {
            faults.Add("practitionerId", "client.practitioner_unknown", "There is no such practitioner who treats now.");
        }
    }

    [LoggerMessage(LogLevel.Information, "Took in client {ClientId}.")]
    private partial void LogCreated(Guid clientId);
}
