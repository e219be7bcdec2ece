using System.ComponentModel.DataAnnotations;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.ServiceDefaults.Writes;
using AiPlatform.Services.Api.Http;
using AiPlatform.Services.Api.OpenApi;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace AiPlatform.Services.Api.Clients.Care;

internal static class CareRelationEndpoints
{
    /// <summary>What hangs on a client: who treats them, and arranging that somebody does.</summary>
    public static RouteGroupBuilder MapClientCare(this RouteGroupBuilder group)
    {
        group.WithTags("Care relations");
        group.MapGet("/{id:guid}/care-relations", ListAsync).WithName("ListCareRelations").WithProblems(404, "client.not_found");
        group.MapPost("/{id:guid}/care-relations", ArrangeAsync).WithName("ArrangeCareRelation")
            .WithETag()
            .WithLocation()
            .WithProblems(400, "care.invalid")
            .WithProblems(403, "care.arrange_forbidden")
            .WithProblems(404, "client.not_found")
            .WithProblems(409, "care.overlap", "care.not_main");
        return group;
    }

    public static RouteGroupBuilder MapCareRelations(this RouteGroupBuilder group)
    {
        group.WithTags("Care relations");
        group.MapGet("/{id:guid}", GetAsync).WithName("GetCareRelation").WithETag().WithProblems(404, "care.not_found");
        group.MapPut("/{id:guid}", ChangeAsync).WithName("ChangeCareRelation")
            .WithETag()
            .WithProblems(400, "care.invalid")
            .WithProblems(403, "care.arrange_forbidden")
            .WithProblems(404, "care.not_found")
            .WithProblems(409, "care.overlap", "care.not_main");
        return group;
    }

    /// <summary>Lists who treats a client, treated them and will, the latest start first.</summary>
    /// <param name="status" example="current">Only relations in this state; all when absent.</param>
    internal static async Task<Ok<CareRelationListResponse>> ListAsync(
        Guid id,
        CareRelationService care,
        CurrentUser user,
        [AllowedValues(null, "all", CareStatus.Upcoming, CareStatus.Current, CareStatus.Past)] string? status,
        [Range(1, 100)] int? limit,
        [StringLength(100)] string? cursor,
        CancellationToken cancellationToken) =>
        TypedResults.Ok(await care.ListAsync(user, id, status is "all" ? null : status, TimeCursor.Parse(cursor), limit ?? 50, cancellationToken));

    /// <summary>Arranges that a practitioner treats a client. From its first day on the relation opens the client to them.</summary>
    internal static async Task<Results<Created<CareRelationResponse>, Ok<CareRelationResponse>>> ArrangeAsync(
        Guid id,
        CareRelationService care,
        CurrentUser user,
        [FromHeader(Name = WriteKey.Header)] string? idempotencyKey,
        JsonBody<ArrangeCareRequest> body,
        HttpContext context,
        CancellationToken cancellationToken)
    {
        CareRelationService.EnsureMayArrange(user);
        var (request, key) = await body.ReadWithKeyAsync(user, idempotencyKey, cancellationToken);
        var (relation, version, created) = await care.ArrangeAsync(user, id, request, key, cancellationToken);
        return context.CreatedOnce(created, $"/api/v1/care-relations/{relation.Id}", version, relation);
    }

    /// <summary>Shows one care relation.</summary>
    internal static async Task<Ok<CareRelationResponse>> GetAsync(
        Guid id, CareRelationService care, CurrentUser user, HttpContext context, CancellationToken cancellationToken)
    {
        var (relation, version) = await care.GetAsync(user, id, cancellationToken);
        return context.OkWithTag(version, relation);
    }

    /// <summary>Changes the days of a care relation. With an end that has come, the practitioner sees the client no longer.</summary>
    internal static async Task<Ok<CareRelationResponse>> ChangeAsync(
        Guid id,
        CareRelationService care,
        CurrentUser user,
        [FromHeader(Name = "If-Match")] string? ifMatch,
        JsonBody<ChangeCareRequest> body,
        HttpContext context,
        CancellationToken cancellationToken)
    {
        CareRelationService.EnsureMayArrange(user);
        var request = await body.ReadAsync(cancellationToken);
        var (relation, version) = await care.ChangeAsync(user, id, request, IfMatch.Read(ifMatch), cancellationToken);
        return context.OkWithTag(version, relation);
    }
}
