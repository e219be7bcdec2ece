using System.ComponentModel.DataAnnotations;
using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Api.ClinicalSessions;
using AiPlatform.Services.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AiPlatform.Services.Api.Audit;

internal static class AuditEndpoints
{
    public static RouteGroupBuilder MapAudit(this RouteGroupBuilder group)
    {
        group.WithTags("Audit");
        group.MapGet("/events", ListAsync).WithName("ListAuditEvents");
        group.MapPost("/events", RecordAsync).WithName("RecordAuditEvents");
        group.MapGet("/verify", VerifyAsync).WithName("VerifyAudit");
        return group;
    }

    private static async Task<Ok<AuditEventListResponse>> ListAsync(
        IAuditStore store,
        CurrentUser caller,
        string? from,
        string? to,
        Guid? user,
        [StringLength(64)] string? action,
        [StringLength(64)] string? recordType,
        [StringLength(64)] string? recordId,
        [AllowedValues(null, AuditOutcomes.Success, AuditOutcomes.Refused, AuditOutcomes.Failed)] string? outcome,
        [Range(1, 500)] int? limit,
        [StringLength(100)] string? cursor,
        CancellationToken cancellationToken)
    {
        EnsureReads(caller);
        AuditCursor? after = null;
        if (cursor is not null && !AuditCursor.TryParse(cursor, out after))
        {
            throw Invalid("audit.cursor_invalid", "The cursor is not one of this list.", "cursor");
        }

        // One more than asked for tells whether there is a next page.
        var size = limit ?? 100;
        var filter = new AuditFilter(ReadDate(from, "from")?.Start, ReadDate(to, "to")?.End, user, action, recordType, recordId, outcome);
        var found = await store.ListAsync(caller.PracticeId, filter, after, size + 1, cancellationToken);
        var next = found.Count > size ? new AuditCursor(found[size - 1].OccurredAt, found[size - 1].SequenceNumber).ToString() : null;
        return TypedResults.Ok(new AuditEventListResponse([.. found.Take(size)], next));
    }

    private static async Task<Ok<RecordedAuditEventsResponse>> RecordAsync(
        JsonBody<RecordAuditEventsRequest> body, AuditIntake intake, CurrentUser caller, CancellationToken cancellationToken)
    {
        AuditIntake.EnsureMayRecord(caller);
        return TypedResults.Ok(await intake.RecordAsync(caller, await body.ReadAsync(cancellationToken), cancellationToken));
    }

    private static async Task<Ok<AuditVerificationResponse>> VerifyAsync(
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
