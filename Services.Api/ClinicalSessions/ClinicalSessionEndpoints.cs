using System.ComponentModel.DataAnnotations;
using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.ServiceDefaults.Writes;
using AiPlatform.Services.Api.ClinicalSessions.Import;
using AiPlatform.Services.Api.Http;
using AiPlatform.Services.Api.OpenApi;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AiPlatform.Services.Api.ClinicalSessions;

internal static class ClinicalSessionEndpoints
{
    private const string All = "all";

    public static RouteGroupBuilder MapClinicalSessions(this RouteGroupBuilder group)
    {
        group.WithTags("Sessions");
        group.MapGet("/", ListAsync).WithName("ListSessions").WithProblems(400, "session.date_invalid");
        group.MapGet("/search", SearchAsync).WithName("SearchSessions")
            .WithProblems(400, "session.date_invalid")
            .WithProblems(403, "session.transcript_forbidden");
        group.MapGet("/{id:guid}", GetAsync).WithName("GetSession")
            .WithETag()
            .WithProblems(403, "session.transcript_forbidden")
            .WithProblems(404, "session.not_found")
            .WithProblems(410, "session.transcript_expired");
        group.MapSessionPlans();
        group.MapSessionImport();
        group.MapTranscriptTools();
        return group;
    }

    /// <summary>Lists the sessions of the clients whom the caller sees, by their time.</summary>
    /// <param name="clientId" example="0a000000-0000-7000-8000-000000000301">The client.</param>
    /// <param name="practitionerId" example="0a000000-0000-7000-8000-000000000101">The practitioner.</param>
    /// <param name="from" example="2026-11-01">The first day, or an ISO 8601 time.</param>
    /// <param name="to" example="2026-11-30">The last day, or an ISO 8601 time; it counts too.</param>
    /// <param name="hasTranscript" example="true">Only those with a transcript to read, or only those without.</param>
    /// <param name="status" example="held">Only what is in this state; all when absent.</param>
    /// <param name="sort" example="newest">By their time; the newest first when absent.</param>
    internal static async Task<Ok<SessionListResponse>> ListAsync(
        ClinicalSessionService sessions,
        CurrentUser user,
        Guid? clientId,
        Guid? practitionerId,
        string? from,
        string? to,
        bool? hasTranscript,
        [AllowedValues(null, All, SessionStatus.Planned, SessionStatus.Held, SessionStatus.Cancelled)] string? status,
        [AllowedValues(null, "newest", "oldest")] string? sort,
        [Range(1, 100)] int? limit,
        [StringLength(100)] string? cursor,
        CancellationToken cancellationToken)
    {
        var list = new SessionList(
            clientId, practitionerId, ReadDate(from, "from")?.Start, ReadDate(to, "to")?.End, hasTranscript, status is All ? null : status,
            sort is "oldest", TimeCursor.Parse(cursor), limit ?? 20);
        return TypedResults.Ok(await sessions.ListAsync(user, list, cancellationToken));
    }

    /// <summary>Finds sessions by client, time and words of their title or transcript, the newest first.</summary>
    /// <param name="clientName" example="Lindqvist">A part of the client's name.</param>
    /// <param name="clientId" example="0a000000-0000-7000-8000-000000000301">The client.</param>
    /// <param name="dateFrom" example="2026-11-01">The first day, or an ISO 8601 time.</param>
    /// <param name="dateTo" example="2026-11-30">The last day, or an ISO 8601 time; it counts too.</param>
    /// <param name="status" example="held">Only what is in this state; held when absent, because what can be looked up is what took place.</param>
    /// <param name="keywords" example="sleep zopiclone">Beginnings of words that must all occur. Not for the front desk.</param>
    internal static async Task<Ok<SessionSearchResponse>> SearchAsync(
        ClinicalSessionService sessions,
        CurrentUser user,
        [StringLength(200)] string? clientName,
        Guid? clientId,
        string? dateFrom,
        string? dateTo,
        [AllowedValues(null, All, SessionStatus.Planned, SessionStatus.Held, SessionStatus.Cancelled)] string? status,
        [StringLength(400)] string? keywords,
        [Range(1, 100)] int? limit,
        CancellationToken cancellationToken)
    {
        var search = new SessionSearch(
            clientName, clientId, ReadDate(dateFrom, "dateFrom")?.Start, ReadDate(dateTo, "dateTo")?.End,
            status is All ? null : status ?? SessionStatus.Held, keywords, limit ?? 10);
        return TypedResults.Ok(await sessions.SearchAsync(user, search, cancellationToken));
    }

    /// <summary>Shows one session with its speakers, and with its transcript when asked for.</summary>
    /// <param name="includeSegments" example="true">Whether to show the transcript; false when absent. Not for the front desk.</param>
    internal static async Task<Ok<SessionResponse>> GetAsync(
        Guid id, ClinicalSessionService sessions, CurrentUser user, bool? includeSegments, HttpContext context, CancellationToken cancellationToken)
    {
        var (session, version) = await sessions.GetAsync(user, id, includeSegments ?? false, cancellationToken);
        return context.OkWithTag(version, session);
    }

    private static SearchDate? ReadDate(string? text, string field)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        return SearchDate.TryParse(text, out var date)
            ? date
            : throw new DomainException(DomainErrorKind.Invalid, "session.date_invalid", "A date is 2026-11-20 or an ISO 8601 time.")
            {
                Errors = [new(field, "Neither a date nor a time.", "session.date_invalid")],
            };
    }
}
