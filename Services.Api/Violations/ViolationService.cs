using AiPlatform.ServiceDefaults.Security;
using AiPlatform.ServiceDefaults.Writes;
using AiPlatform.Services.Api.Audit;
using AiPlatform.Services.Api.Clients;
using AiPlatform.Services.Api.Practitioners;

namespace AiPlatform.Services.Api.Violations;

/// <summary>Keeping what the policy refused, and reading it.</summary>
internal sealed partial class ViolationService(
    IViolationStore violations, IPractitionerStore practitioners, ClientGate clients, AuditQueue audit, TimeProvider timeProvider,
    ILogger<ViolationService> logger)
{
    public async Task<(Violation Violation, bool Created)> RecordAsync(
        CurrentUser user, RecordViolationRequest request, ViolationCaller caller, WriteKey key, CancellationToken cancellationToken)
    {
        var now = timeProvider.GetUtcNow();
        var violation = ViolationRules.Check(Guid.CreateVersion7(now), request, caller, user.UserId, now);
        if (!await MayUseAsync(user, violation.ProfileId, cancellationToken))
        {
            throw ViolationAccess.ProfileForbidden();
        }

        if (violation.ClientId is { } clientId && !await clients.SeesAsync(user, clientId, cancellationToken))
        {
            throw ClientAccess.NotFound();
        }

        var audited = AuditEntry.By(user, AuditActions.ViolationRecorded, AuditRecords.Violation, violation.Id, now);
        var (id, created) = await violations.AddAsync(user.PracticeId, key, violation, audited, cancellationToken);
        if (created)
        {
            LogRecorded(id, violation.ProfileId);
        }

        return (await violations.FindAsync(user.PracticeId, id, cancellationToken) ?? throw ViolationAccess.NotFound(), created);
    }

    public async Task<Violation> FindAsync(CurrentUser user, Guid id, CancellationToken cancellationToken)
    {
        var found = await violations.FindAsync(user.PracticeId, id, cancellationToken);
        var outcome = found is null ? AuditOutcomes.Refused : AuditOutcomes.Success;
        var entry = AuditEntry.By(user, AuditActions.ViolationRead, AuditRecords.Violation, id, timeProvider.GetUtcNow(), outcome);
        await audit.RecordAsync(user.PracticeId, entry, cancellationToken);
        return found ?? throw ViolationAccess.NotFound();
    }

    private async Task<bool> MayUseAsync(CurrentUser user, Guid profileId, CancellationToken cancellationToken) =>
        (user.Role is UserRole.Service || user.ProfileId == profileId)
        && await practitioners.FindAsync(user.PracticeId, profileId, cancellationToken) is not null;

    [LoggerMessage(LogLevel.Information, "Recorded violation {ViolationId} of profile {ProfileId}.")]
    private partial void LogRecorded(Guid violationId, Guid profileId);
}
