using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace AiPlatform.Services.Api.Practices;

internal static class PracticeEndpoints
{
    public static RouteGroupBuilder MapPractice(this RouteGroupBuilder group)
    {
        group.WithTags("Practice");
        group.MapGet("/", GetAsync).WithName("GetClinic");
        group.MapPut("/", ChangeAsync).WithName("ChangeClinic");
        group.MapPost("/locations", AddLocationAsync).WithName("AddClinicLocation");
        group.MapPut("/locations/{id:guid}", ChangeLocationAsync).WithName("ChangeClinicLocation");
        group.MapDelete("/locations/{id:guid}", RemoveLocationAsync).WithName("RemoveClinicLocation");
        return group;
    }

    private static async Task<Ok<PracticeResponse>> GetAsync(
        PracticeService practices, CurrentUser user, bool? includeContacts, bool? includeLocations, HttpContext context,
        CancellationToken cancellationToken)
    {
        var practice = await practices.FindAsync(user.PracticeId, cancellationToken);
        return context.OkWithTag(practice.Version, ToResponse(user, practice, includeContacts ?? true, includeLocations ?? true));
    }

    private static async Task<Ok<PracticeResponse>> ChangeAsync(
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

    private static async Task<Results<Created<LocationResponse>, Ok<LocationResponse>>> AddLocationAsync(
        PracticeService practices,
        CurrentUser user,
        [FromHeader(Name = WriteKey.Header)] string? idempotencyKey,
        JsonBody<LocationRequest> body,
        HttpContext context,
        CancellationToken cancellationToken)
    {
        PracticeAccess.EnsureMayChange(user);
        var request = await body.ReadAsync(cancellationToken);
        var key = WriteKey.Read(user, idempotencyKey, context.Request, body.Bytes);
        var (practice, location, created) = await practices.AddLocationAsync(user, request, key, cancellationToken);
        return context.CreatedOnce(created, location: null, practice.Version, ToResponse(location));
    }

    private static async Task<Ok<LocationResponse>> ChangeLocationAsync(
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

    private static async Task<NoContent> RemoveLocationAsync(
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
