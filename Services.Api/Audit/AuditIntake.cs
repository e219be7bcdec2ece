using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.ServiceDefaults.Security;

namespace AiPlatform.Services.Api.Audit;

/// <summary>Takes in what the other services saw: refused tools, approvals, reads of conversations, signatures.</summary>
internal sealed class AuditIntake(IAuditStore store, TimeProvider timeProvider)
{
    public const int MaxEvents = 500;

    /// <summary>How long ago an event may have happened. Rows live at least as long, so that a repetition is always known as one.</summary>
    public const int OldestDays = 30;

    // tool.refused
    public const string Name = "[a-z][a-z0-9_]*(\\.[a-z0-9_]+)*";
    public const string Id = "[A-Za-z0-9_.:-]+";

    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(5);

    public async Task<RecordedAuditEventsResponse> RecordAsync(
        CurrentUser user, RecordAuditEventsRequest request, CancellationToken cancellationToken)
    {
        if (user.Role is not UserRole.Service)
        {
            throw new DomainException(DomainErrorKind.Forbidden, "audit.intake_forbidden", "Only the platform's services record events.");
        }

        Check(request.Events);
        var entries = request.Events.Select(audited => new AuditEntry(
            audited.EventId!.Value, audited.OccurredAt!.Value, audited.UserId, audited.Role, audited.Action, audited.RecordType, audited.RecordId,
            audited.Outcome, audited.CorrelationId, RecordedBy: user.UserId));
        var appended = await store.AppendAsync(user.PracticeId, [.. entries], cancellationToken);
        if (appended.Conflicting.Count > 0)
        {
            throw new DomainException(DomainErrorKind.Conflict, "idempotency.key_reused", "An event id was used for another event; nothing was recorded.")
            {
                Errors = Faults(
                    request.Events, audited => appended.Conflicting.Contains(audited.EventId!.Value), "eventId", "Stands for another event.", "idempotency.key_reused"),
            };
        }

        return new(appended.Recorded, appended.Repeated);
    }

    private void Check(IReadOnlyList<RecordAuditEventRequest> events)
    {
        var now = timeProvider.GetUtcNow();
        var seen = new HashSet<Guid> { Guid.Empty };
        List<FieldError> faults =
        [
            .. Faults(events, audited => !seen.Add(audited.EventId!.Value), "eventId", "Empty, or there twice.", "audit.event_id_invalid"),
            .. Faults(
                events, audited => audited.OccurredAt > now + ClockSkew || audited.OccurredAt < now.AddDays(-OldestDays), "occurredAt",
                $"An event happened within the last {OldestDays} days.", "audit.time_invalid"),
        ];
        if (faults.Count > 0)
        {
            throw new DomainException(DomainErrorKind.Invalid, faults[0].Code!, "Events are not as they should be; nothing was recorded.") { Errors = faults };
        }
    }

    private static List<FieldError> Faults(
        IReadOnlyList<RecordAuditEventRequest> events, Func<RecordAuditEventRequest, bool> isFaulty, string field, string message, string code) =>
        [.. events.Index().Where(indexed => isFaulty(indexed.Item)).Select(indexed => new FieldError($"events[{indexed.Index}].{field}", message, code))];
}
