using System.ComponentModel.DataAnnotations;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.ServiceDefaults.Writes;
using AiPlatform.Services.Api.Http;
using AiPlatform.Services.Api.OpenApi;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace AiPlatform.Services.Api.Practitioners;

internal static class PractitionerEndpoints
{
    public static RouteGroupBuilder MapPractitioners(this RouteGroupBuilder group)
    {
        group.WithTags("Practitioners");
        group.MapGet("/", ListAsync).WithName("ListPractitioners");
        group.MapPost("/", AddAsync).WithName("AddPractitioner")
            .WithETag()
            .WithLocation()
            .WithProblems(400, "practitioner.invalid")
            .WithProblems(403, "practitioner.change_forbidden");
        group.MapGet("/{id:guid}", GetAsync).WithName("GetPractitioner").WithETag().WithProblems(404, "practitioner.not_found");
        group.MapPut("/{id:guid}", ChangeAsync).WithName("ChangePractitioner")
            .WithETag()
            .WithProblems(400, "practitioner.invalid")
            .WithProblems(403, "practitioner.change_forbidden")
            .WithProblems(404, "practitioner.not_found");
        return group;
    }

    /// <summary>Lists the practice's practitioners by name.</summary>
    /// <param name="status" example="active">Those who treat now, those who do not any more, or all; active when absent.</param>
    /// <param name="role" example="practitioner">Only those whose account has this role.</param>
    /// <param name="sort" example="name">By name, or from the end of the alphabet.</param>
    internal static async Task<Ok<PractitionerListResponse>> ListAsync(
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

    /// <summary>Shows one practitioner.</summary>
    internal static async Task<Ok<PractitionerResponse>> GetAsync(
        Guid id, PractitionerService practitioners, CurrentUser user, HttpContext context, CancellationToken cancellationToken)
    {
        var (practitioner, response) = await practitioners.FindAsync(user, id, cancellationToken);
        return context.OkWithTag(practitioner.Version, response);
    }

    /// <summary>Adds who treats, for those who lead the practice.</summary>
    internal static async Task<Results<Created<PractitionerResponse>, Ok<PractitionerResponse>>> AddAsync(
        PractitionerService practitioners,
        CurrentUser user,
        [FromHeader(Name = WriteKey.Header)] string? idempotencyKey,
        JsonBody<PractitionerRequest> body,
        HttpContext context,
        CancellationToken cancellationToken)
    {
        PractitionerAccess.EnsureMayChange(user);
        var (request, key) = await body.ReadWithKeyAsync(user, idempotencyKey, cancellationToken);
        var (practitioner, response, created) = await practitioners.AddAsync(user, request, key, cancellationToken);
        return context.CreatedOnce(created, $"/api/v1/practitioners/{practitioner.Id}", practitioner.Version, response);
    }

    /// <summary>Changes a practitioner, for those who lead the practice.</summary>
    internal static async Task<Ok<PractitionerResponse>> ChangeAsync(
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
