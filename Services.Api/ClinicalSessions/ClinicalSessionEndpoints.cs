using System.ComponentModel.DataAnnotations;
using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Api.ClinicalSessions.Import;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AiPlatform.Services.Api.ClinicalSessions;

internal static class ClinicalSessionEndpoints
{
    public static RouteGroupBuilder MapClinicalSessions(this RouteGroupBuilder group)
    {
        group.WithTags("Sessions");
        group.MapGet("/search", SearchAsync).WithName("SearchSessions");
        group.MapGet("/{id:guid}", GetAsync).WithName("GetSession");
        group.MapSessionImport();
        return group;
    }

    private static async Task<Ok<SessionSearchResponse>> SearchAsync(
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

    private static async Task<Ok<SessionResponse>> GetAsync(
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
