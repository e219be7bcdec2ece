using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.ServiceDefaults.Security;

namespace AiPlatform.Services.Api.Audit;

/// <summary>Takes in what the other services saw: refused tools, approvals, reads of conversations, signatures.</summary>
internal sealed class AuditIntake(IAuditStore store, TimeProvider timeProvider)
{
    public static void EnsureMayRecord(CurrentUser user)
    {
        if (user.Role is not UserRole.Service)
        {
            throw new DomainException(DomainErrorKind.Forbidden, "audit.intake_forbidden", "Only the platform's services record events.");
        }
    }

    public async Task<RecordedAuditEventsResponse> RecordAsync(
        CurrentUser user, RecordAuditEventsRequest request, CancellationToken cancellationToken)
    {
        var events = AuditIntakeRules.Check(request, timeProvider.GetUtcNow());
        var entries = events.Select(audited => new AuditEntry(
            audited.EventId!.Value, audited.OccurredAt!.Value, audited.UserId, audited.Role!, audited.Action!, audited.RecordType!, audited.RecordId!,
            audited.Outcome!, audited.CorrelationId!, RecordedBy: user.UserId));
        var appended = await store.AppendAsync(user.PracticeId, [.. entries], cancellationToken);
        if (appended.Conflicting.Count > 0)
        {
            throw new DomainException(DomainErrorKind.Conflict, "idempotency.key_reused", "An event id was used for another event; nothing was recorded.")
            {
                Errors =
                [
                    .. events.Index()
                        .Where(indexed => appended.Conflicting.Contains(indexed.Item.EventId!.Value))
                        .Select(indexed => new FieldError($"events[{indexed.Index}].eventId", "Stands for another event.", "idempotency.key_reused")),
                ],
            };
        }

        return new(appended.Recorded, appended.Repeated);
    }
}
