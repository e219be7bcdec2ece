using System.Text.RegularExpressions;
using AiPlatform.ServiceDefaults.Errors;

namespace AiPlatform.Services.Api.Audit;

/// <summary>What an event from outside may look like: ids, and names from a small alphabet, so that no contents come in by it.</summary>
internal static partial class AuditIntakeRules
{
    public const int MaxEvents = 500;

    /// <summary>How long ago an event may have happened. Rows live at least as long, so that a repetition is always known as one.</summary>
    public const int OldestDays = 30;

    private const int MaxLength = 64;
    private const int MaxFaults = 100;
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(5);
    private static readonly string[] Roles = ["owner", "practitioner", "reception", "client", "admin", "service"];
    private static readonly string[] Outcomes = [AuditOutcomes.Success, AuditOutcomes.Refused, AuditOutcomes.Failed];

    /// <exception cref="DomainException">At least one is not as it should be.</exception>
    public static IReadOnlyList<RecordAuditEventRequest> Check(RecordAuditEventsRequest request, DateTimeOffset now)
    {
        if (request.Events is not { Count: > 0 and <= MaxEvents } events)
        {
            throw Invalid([new("events", $"1 to {MaxEvents} events are needed.", "audit.events_count")]);
        }

        var seen = new HashSet<Guid> { Guid.Empty };
        var faults = events.Index()
            .SelectMany(indexed => FaultsOf(indexed.Item, now, seen).Select(fault => fault with { Field = $"events[{indexed.Index}]{fault.Field}" }))
            .Take(MaxFaults)
            .ToList();
        return faults.Count == 0 ? [.. events.OfType<RecordAuditEventRequest>()] : throw Invalid(faults);
    }

    private static IEnumerable<FieldError> FaultsOf(RecordAuditEventRequest? audited, DateTimeOffset now, HashSet<Guid> seen)
    {
        if (audited is null)
        {
            yield return new("", "An event is an object.", "audit.event_missing");
            yield break;
        }

        if (audited.EventId is not { } eventId || !seen.Add(eventId))
        {
            yield return new(".eventId", "Missing, empty, or there twice.", "audit.event_id_invalid");
        }

        if (audited.OccurredAt is not { } occurredAt || occurredAt > now + ClockSkew || occurredAt < now.AddDays(-OldestDays))
        {
            yield return new(".occurredAt", $"A time within the last {OldestDays} days is needed.", "audit.time_invalid");
        }

        if (!Roles.Contains(audited.Role))
        {
            yield return new(".role", $"One of {string.Join(", ", Roles)}.", "audit.role_invalid");
        }

        if (!Outcomes.Contains(audited.Outcome))
        {
            yield return new(".outcome", $"One of {string.Join(", ", Outcomes)}.", "audit.outcome_invalid");
        }

        (string Field, string? Text, Regex Form)[] words =
        [
            (".action", audited.Action, Name()), (".recordType", audited.RecordType, Name()),
            (".recordId", audited.RecordId, Id()), (".correlationId", audited.CorrelationId, Id()),
        ];
        foreach (var (field, text, form) in words)
        {
            if (text is not { Length: > 0 and <= MaxLength } || !form.IsMatch(text))
            {
                yield return new(field, $"At most {MaxLength} characters of the form {form}.", "audit.word_invalid");
            }
        }
    }

    private static DomainException Invalid(List<FieldError> faults) =>
        new(DomainErrorKind.Invalid, "audit.events_invalid", "Events are not as they should be; nothing was recorded.") { Errors = faults };

    // tool.refused
    [GeneratedRegex(@"\A[a-z][a-z0-9_]*(\.[a-z0-9_]+)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();

    [GeneratedRegex(@"\A[A-Za-z0-9_.:-]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Id();
}
