using System.ComponentModel.DataAnnotations;
using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.ServiceDefaults.Writes;
using AiPlatform.Services.Api.ClinicalSessions;
using AiPlatform.Services.Api.Http;
using AiPlatform.Services.Api.OpenApi;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AiPlatform.Services.Api.Audit;

internal static class AuditEndpoints
{
    // What the words of an event are made of; the database cannot compare others with them.
    private const string PlainAscii = "[ -~]*";

    public static RouteGroupBuilder MapAudit(this RouteGroupBuilder group)
    {
        group.WithTags("Audit");
        group.MapGet("/events", ListAsync).WithName("ListAuditEvents")
            .WithProblems(400, "audit.date_invalid")
            .WithProblems(403, "audit.read_forbidden");
        group.MapPost("/events", RecordAsync).WithName("RecordAuditEvents")
            .WithProblems(400, "audit.events_invalid")
            .WithProblems(403, "audit.intake_forbidden")
            .WithProblems(409, "idempotency.key_reused");
        group.MapGet("/verify", VerifyAsync).WithName("VerifyAudit").WithProblems(403, "audit.read_forbidden");
        return group;
    }

    /// <summary>Lists the practice's audit, the newest first, for those who lead it.</summary>
    /// <param name="from" example="2026-11-01">The first day, or an ISO 8601 time.</param>
    /// <param name="to" example="2026-11-30">The last day, or an ISO 8601 time; it counts too.</param>
    /// <param name="user" example="0a000000-0000-7000-8000-000000000201">Who did it.</param>
    /// <param name="action" example="client.read">What was done.</param>
    /// <param name="recordType" example="client">The kind of record it was done to.</param>
    /// <param name="recordId" example="0a000000-0000-7000-8000-000000000301">The record it was done to.</param>
    /// <param name="outcome" example="success">How it ended.</param>
    internal static async Task<Ok<AuditEventListResponse>> ListAsync(
        IAuditStore store,
        CurrentUser caller,
        string? from,
        string? to,
        Guid? user,
        [StringLength(64), RegularExpression(PlainAscii)] string? action,
        [StringLength(64), RegularExpression(PlainAscii)] string? recordType,
        [StringLength(64), RegularExpression(PlainAscii)] string? recordId,
        [AllowedValues(null, AuditOutcomes.Success, AuditOutcomes.Refused, AuditOutcomes.Failed)] string? outcome,
        [Range(1, 500)] int? limit,
        [StringLength(100)] string? cursor,
        CancellationToken cancellationToken)
    {
        EnsureReads(caller);
        AuditCursor? after = null;
        if (cursor is not null && !AuditCursor.TryParse(cursor, out after))
        {
            throw TimeCursor.Invalid();
        }

        // One more than asked for tells whether there is a next page.
        var size = limit ?? 100;
        var filter = new AuditFilter(ReadDate(from, "from")?.Start, ReadDate(to, "to")?.End, user, action, recordType, recordId, outcome);
        var found = await store.ListAsync(caller.PracticeId, filter, after, size + 1, cancellationToken);
        var next = found.Count > size ? new AuditCursor(found[size - 1].OccurredAt, found[size - 1].SequenceNumber).ToString() : null;
        return TypedResults.Ok(new AuditEventListResponse([.. found.Take(size)], next));
    }

    /// <summary>Records what a service saw: refused tools, approvals, reads of conversations, signatures.</summary>
    /// <remarks>All or nothing. An event that was recorded before under its id is not recorded again.</remarks>
    internal static async Task<Ok<RecordedAuditEventsResponse>> RecordAsync(
        JsonBody<RecordAuditEventsRequest> body, AuditIntake intake, CurrentUser caller, CancellationToken cancellationToken)
    {
        AuditIntake.EnsureMayRecord(caller);
        return TypedResults.Ok(await intake.RecordAsync(caller, await body.ReadAsync(cancellationToken), cancellationToken));
    }

    /// <summary>Walks the practice's chain of events and tells the first that is not as it was written.</summary>
    internal static async Task<Ok<AuditVerificationResponse>> VerifyAsync(
        AuditVerifier verifier, CurrentUser caller, CancellationToken cancellationToken)
    {
        EnsureReads(caller);
        return TypedResults.Ok(await verifier.VerifyAsync(caller.PracticeId, cancellationToken));
    }

    private static void EnsureReads(CurrentUser caller)
    {
        if (caller.Role is not (UserRole.Owner or UserRole.Admin))
        {
            throw new DomainException(DomainErrorKind.Forbidden, "audit.read_forbidden", "The audit is for those who lead the practice.");
        }
    }

    private static SearchDate? ReadDate(string? text, string field) => text switch
    {
        null => null,
        _ when SearchDate.TryParse(text, out var date) => date,
        _ => throw Invalid("audit.date_invalid", "A date is 2026-11-20 or an ISO 8601 time.", field),
    };

    private static DomainException Invalid(string code, string message, string field) =>
        new(DomainErrorKind.Invalid, code, message) { Errors = [new(field, message, code)] };
}
