using System.ComponentModel.DataAnnotations;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace AiPlatform.Services.Api.Practitioners;

internal static class PractitionerEndpoints
{
    public static RouteGroupBuilder MapPractitioners(this RouteGroupBuilder group)
    {
        group.WithTags("Practitioners");
        group.MapGet("/", ListAsync).WithName("ListPractitioners");
        group.MapPost("/", AddAsync).WithName("AddPractitioner");
        group.MapGet("/{id:guid}", GetAsync).WithName("GetPractitioner");
        group.MapPut("/{id:guid}", ChangeAsync).WithName("ChangePractitioner");
        return group;
    }

    private static async Task<Ok<PractitionerListResponse>> ListAsync(
        PractitionerService practitioners,
        CurrentUser user,
        [AllowedValues(null, "all", "active", "inactive")] string? status,
        [AllowedValues(null, "", "owner", "practitioner", "reception", "admin")] string? role,
        [AllowedValues(null, "name", "-name")] string? sort,
        [Range(1, 200)] int? limit,
        [StringLength(1000)] string? cursor,
        CancellationToken cancellationToken) =>
        TypedResults.Ok(await practitioners.ListAsync(
            user,
            status switch { "all" => null, PractitionerStatus.Inactive => false, _ => true },
            string.IsNullOrEmpty(role) ? null : Enum.Parse<UserRole>(role, ignoreCase: true),
            descending: sort is "-name",
            NameCursor.Parse(cursor),
            limit ?? 50,
            cancellationToken));

    private static async Task<Ok<PractitionerResponse>> GetAsync(
        Guid id, PractitionerService practitioners, CurrentUser user, HttpContext context, CancellationToken cancellationToken)
    {
        var (practitioner, response) = await practitioners.FindAsync(user, id, cancellationToken);
        return context.OkWithTag(practitioner.Version, response);
    }

    private static async Task<Results<Created<PractitionerResponse>, Ok<PractitionerResponse>>> AddAsync(
        PractitionerService practitioners,
        CurrentUser user,
        [FromHeader(Name = WriteKey.Header)] string? idempotencyKey,
        JsonBody<PractitionerRequest> body,
        HttpContext context,
        CancellationToken cancellationToken)
    {
        PractitionerAccess.EnsureMayChange(user);
        var request = await body.ReadAsync(cancellationToken);
        var key = WriteKey.Read(user, idempotencyKey, context.Request, body.Bytes);
        var (practitioner, response, created) = await practitioners.AddAsync(user, request, key, cancellationToken);
        return context.CreatedOnce(created, $"/api/v1/practitioners/{practitioner.Id}", practitioner.Version, response);
    }

    private static async Task<Ok<PractitionerResponse>> ChangeAsync(
        Guid id,
        PractitionerService practitioners,
        CurrentUser user,
        [FromHeader(Name = "If-Match")] string? ifMatch,
        JsonBody<PractitionerRequest> body,
        HttpContext context,
        CancellationToken cancellationToken)
    {
        PractitionerAccess.EnsureMayChange(user);
        var (practitioner, response) = await practitioners.ChangeAsync(
            user, id, await body.ReadAsync(cancellationToken), IfMatch.Read(ifMatch), cancellationToken);
        return context.OkWithTag(practitioner.Version, response);
    }
}
