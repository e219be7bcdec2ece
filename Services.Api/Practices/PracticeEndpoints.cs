using AiPlatform.ServiceDefaults.Security;
using AiPlatform.ServiceDefaults.Writes;
using AiPlatform.Services.Api.OpenApi;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace AiPlatform.Services.Api.Practices;

internal static class PracticeEndpoints
{
    public static RouteGroupBuilder MapPractice(this RouteGroupBuilder group)
    {
        group.WithTags("Practice");
        group.MapGet("/", GetAsync).WithName("GetClinic").WithETag().WithProblems(404, "practice.not_found");
        group.MapPut("/", ChangeAsync).WithName("ChangeClinic")
            .WithETag()
            .WithProblems(400, "practice.invalid")
            .WithProblems(403, "practice.change_forbidden")
            .WithProblems(404, "practice.not_found");
        group.MapPost("/locations", AddLocationAsync).WithName("AddClinicLocation")
            .WithETag()
            .WithProblems(400, "location.invalid")
            .WithProblems(403, "practice.change_forbidden")
            .WithProblems(404, "practice.not_found")
            .WithProblems(409, "location.too_many");
        group.MapPut("/locations/{id:guid}", ChangeLocationAsync).WithName("ChangeClinicLocation")
            .WithETag()
            .WithProblems(400, "location.invalid")
            .WithProblems(403, "practice.change_forbidden")
            .WithProblems(404, "practice.not_found", "location.not_found");
        group.MapDelete("/locations/{id:guid}", RemoveLocationAsync).WithName("RemoveClinicLocation")
            .WithETag()
            .WithProblems(403, "practice.change_forbidden")
            .WithProblems(404, "practice.not_found", "location.not_found");
        return group;
    }

    /// <summary>Shows the practice of the caller: name, contacts, locations, time zone, fees.</summary>
    /// <param name="includeContacts" example="true">Whether to show addresses and contacts; true when absent.</param>
    /// <param name="includeLocations" example="true">Whether to show where it treats; true when absent.</param>
    internal static async Task<Ok<PracticeResponse>> GetAsync(
        PracticeService practices, CurrentUser user, bool? includeContacts, bool? includeLocations, HttpContext context,
        CancellationToken cancellationToken)
    {
        var practice = await practices.FindAsync(user.PracticeId, cancellationToken);
        return context.OkWithTag(practice.Version, ToResponse(user, practice, includeContacts ?? true, includeLocations ?? true));
    }

    /// <summary>Changes the practice's profile, for those who lead it.</summary>
    /// <remarks>Everything but the locations, which have routes of their own; what is absent becomes empty.</remarks>
    internal static async Task<Ok<PracticeResponse>> ChangeAsync(
        PracticeService practices,
        CurrentUser user,
        [FromHeader(Name = "If-Match")] string? ifMatch,
        JsonBody<ChangePracticeRequest> body,
        HttpContext context,
        CancellationToken cancellationToken)
    {
        PracticeAccess.EnsureMayChange(user);
        var changed = await practices.ChangeAsync(user, await body.ReadAsync(cancellationToken), IfMatch.Read(ifMatch), cancellationToken);
        return context.OkWithTag(changed.Version, ToResponse(user, changed, includeContacts: true, includeLocations: true));
    }

    /// <summary>Adds a place where the practice treats.</summary>
    /// <remarks>The ETag is the practice's, of which its locations are a part.</remarks>
    internal static async Task<Results<Created<LocationResponse>, Ok<LocationResponse>>> AddLocationAsync(
        PracticeService practices,
        CurrentUser user,
        [FromHeader(Name = WriteKey.Header)] string? idempotencyKey,
        JsonBody<LocationRequest> body,
        HttpContext context,
        CancellationToken cancellationToken)
    {
        PracticeAccess.EnsureMayChange(user);
        var (request, key) = await body.ReadWithKeyAsync(user, idempotencyKey, cancellationToken);
        var (practice, location, created) = await practices.AddLocationAsync(user, request, key, cancellationToken);
        return context.CreatedOnce(created, location: null, practice.Version, ToResponse(location));
    }

    /// <summary>Changes a place where the practice treats.</summary>
    /// <remarks>The ETag is the practice's, of which its locations are a part.</remarks>
    internal static async Task<Ok<LocationResponse>> ChangeLocationAsync(
        Guid id,
        PracticeService practices,
        CurrentUser user,
        [FromHeader(Name = "If-Match")] string? ifMatch,
        JsonBody<LocationRequest> body,
        HttpContext context,
        CancellationToken cancellationToken)
    {
        PracticeAccess.EnsureMayChange(user);
        var (practice, location) = await practices.ChangeLocationAsync(
            user, id, await body.ReadAsync(cancellationToken), IfMatch.Read(ifMatch), cancellationToken);
        return context.OkWithTag(practice.Version, ToResponse(location));
    }

    /// <summary>Removes a place where the practice treats.</summary>
    /// <remarks>The ETag is the practice's, of which its locations are a part.</remarks>
    internal static async Task<NoContent> RemoveLocationAsync(
        Guid id,
        PracticeService practices,
        CurrentUser user,
        [FromHeader(Name = "If-Match")] string? ifMatch,
        HttpContext context,
        CancellationToken cancellationToken)
    {
        PracticeAccess.EnsureMayChange(user);
        var practice = await practices.RemoveLocationAsync(user, id, IfMatch.Read(ifMatch), cancellationToken);
        context.Response.Headers.ETag = IfMatch.TagOf(practice.Version);
        return TypedResults.NoContent();
    }

    private static PracticeResponse ToResponse(CurrentUser user, Practice from, bool includeContacts, bool includeLocations)
    {
        var seesFees = user.Role is not UserRole.Client;
        return new(
            from.Id, from.Name, from.OwnerName, includeContacts ? from.Email : null, includeContacts ? from.Phone : null, from.TimeZone,
            seesFees ? from.SessionFeeMinor : null,
            seesFees ? from.Currency : null,
            includeContacts ? [.. from.Contacts.Select(contact => new ContactResponse(contact.Kind, contact.Name, contact.Email, contact.Phone))] : null,
            includeLocations ? [.. from.Locations.Select(ToResponse)] : null);
    }

    private static LocationResponse ToResponse(PracticeLocation from) =>
        new(from.Id, from.Name, from.Street, from.City, from.Postcode, from.Country);
}
