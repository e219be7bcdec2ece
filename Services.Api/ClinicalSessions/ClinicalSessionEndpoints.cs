using System.ComponentModel.DataAnnotations;
using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Api.ClinicalSessions.Import;
using AiPlatform.Services.Api.OpenApi;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AiPlatform.Services.Api.ClinicalSessions;

internal static class ClinicalSessionEndpoints
{
    public static RouteGroupBuilder MapClinicalSessions(this RouteGroupBuilder group)
    {
        group.WithTags("Sessions");
        group.MapGet("/search", SearchAsync).WithName("SearchSessions")
            .WithProblems(400, "session.date_invalid")
            .WithProblems(403, "session.transcript_forbidden");
        group.MapGet("/{id:guid}", GetAsync).WithName("GetSession")
            .WithProblems(403, "session.transcript_forbidden")
            .WithProblems(404, "session.not_found");
        group.MapSessionImport();
        return group;
    }

    /// <summary>Finds sessions by client, time and words of their title or transcript, the newest first.</summary>
    /// <param name="clientName" example="Lindqvist">A part of the client's name.</param>
    /// <param name="clientId" example="0a000000-0000-7000-8000-000000000301">The client.</param>
    /// <param name="dateFrom" example="2026-11-01">The first day, or an ISO 8601 time.</param>
    /// <param name="dateTo" example="2026-11-30">The last day, or an ISO 8601 time; it counts too.</param>
    /// <param name="keywords" example="sleep zopiclone">Beginnings of words that must all occur. Not for the front desk.</param>
    internal static async Task<Ok<SessionSearchResponse>> SearchAsync(
        ClinicalSessionService sessions,
        CurrentUser user,
        [StringLength(200)] string? clientName,
        Guid? clientId,
        string? dateFrom,
        string? dateTo,
        [StringLength(400)] string? keywords,
        [Range(1, 100)] int? limit,
        CancellationToken cancellationToken)
    {
        var search = new SessionSearch(
            clientName, clientId, ReadDate(dateFrom, "dateFrom")?.Start, ReadDate(dateTo, "dateTo")?.End, keywords, limit ?? 10);
        return TypedResults.Ok(await sessions.SearchAsync(user, search, cancellationToken));
    }

    /// <summary>Shows one session, with its transcript when asked for.</summary>
    /// <param name="includeSegments" example="true">Whether to show the transcript; false when absent. Not for the front desk.</param>
    internal static async Task<Ok<SessionResponse>> GetAsync(
        Guid id, ClinicalSessionService sessions, CurrentUser user, bool? includeSegments, CancellationToken cancellationToken) =>
        TypedResults.Ok(await sessions.GetAsync(user, id, includeSegments ?? false, cancellationToken));

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
