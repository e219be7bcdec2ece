using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.ServiceDefaults.Writes;
using AiPlatform.Services.Api.Audit;
using AiPlatform.Services.Api.Clients;
using AiPlatform.Services.Api.Http;
using AiPlatform.Services.Api.Identity;

namespace AiPlatform.Services.Api.Consents;

/// <summary>
/// What clients agree to, written down by those who see them or by the clients themselves. Nothing is changed or taken out: who errs
/// records what is right after it.
/// </summary>
internal sealed class ConsentService(IConsentStore consents, ClientGate gate, AuditQueue audit, TimeProvider timeProvider)
{
    private static readonly DateTimeOffset Earliest = DateTimeOffset.UnixEpoch;

    // A phone's clock may be ahead of ours.
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(1);

    /// <returns>The client who is signed in.</returns>
    public static Guid OwnClientId(CurrentUser user) =>
        user.OwnClientId("consent.clients_only", "This is for clients and their own consents.");

    public static void EnsureMayRecord(CurrentUser user)
    {
        if (user.Role is UserRole.Service)
        {
            throw new DomainException(DomainErrorKind.Forbidden, "consent.record_forbidden", "A consent is written down by a person.");
        }
    }

    public async Task<ConsentListResponse> ListAsync(
        CurrentUser user, Guid clientId, TimeCursor? after, int limit, CancellationToken cancellationToken)
    {
        var sees = await gate.SeesAsync(user, clientId, cancellationToken);
        var outcome = sees ? AuditOutcomes.Success : AuditOutcomes.Refused;
        var read = AuditEntry.By(user, AuditActions.ConsentsRead, AuditRecords.Client, clientId, timeProvider.GetUtcNow(), outcome);
        await audit.RecordAsync(user.PracticeId, read, cancellationToken);
        if (!sees)
        {
            throw ClientAccess.NotFound();
        }

        var (found, recording) = await consents.ListAsync(user.PracticeId, clientId, after, limit + 1, cancellationToken);
        var (page, next) = TimeCursor.Page(found, limit, entry => new(entry.OccurredAt, entry.Id));
        return new(clientId, recording, [.. page.Select(ToResponse)], next);
    }

    public async Task<(ConsentEntry Entry, bool Created)> RecordAsync(
        CurrentUser user, Guid clientId, RecordConsentRequest request, WriteKey key, CancellationToken cancellationToken)
    {
        var now = timeProvider.GetUtcNow();
        if (!await gate.SeesAsync(user, clientId, cancellationToken))
        {
            throw ClientAccess.NotFound();
        }

        Check(request, now);
        var entry = new ConsentEntry(
            Guid.CreateVersion7(now), clientId, request.Kind!, request.Status!, request.OccurredAt ?? now, now, user.UserId, user.Role.ToWire());
        var action = entry.Status is ConsentStatus.Given ? AuditActions.ConsentGiven : AuditActions.ConsentWithdrawn;
        return await consents.AddAsync(
            user.PracticeId, key, entry, AuditEntry.By(user, action, AuditRecords.Consent, entry.Id, now), cancellationToken);
    }

    public static ConsentEntryResponse ToResponse(ConsentEntry entry) =>
        new(entry.Id, entry.Kind, entry.Status, entry.OccurredAt, entry.RecordedAt, entry.RecordedBy, entry.RecordedByRole);

    private static void Check(RecordConsentRequest request, DateTimeOffset now)
    {
        var faults = new Faults("consent.invalid");
        if (request.Kind is not ConsentKinds.Recording)
        {
            faults.Add("kind", "consent.kind_invalid", "The kind is recording.");
        }

        if (request.Status is not (ConsentStatus.Given or ConsentStatus.Withdrawn))
        {
            faults.Add("status", "consent.status_invalid", "The status is given or withdrawn.");
        }

        if (request.OccurredAt > now + Ahead || request.OccurredAt < Earliest)
        {
            faults.Add("occurredAt", "consent.time_invalid", "The time lies after 1970 and not in the future.");
        }

        faults.Throw();
    }
}
