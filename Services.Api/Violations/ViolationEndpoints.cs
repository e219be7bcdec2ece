using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.ServiceDefaults.Writes;
using AiPlatform.Services.Api.Http;
using AiPlatform.Services.Api.OpenApi;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace AiPlatform.Services.Api.Violations;

internal static class ViolationEndpoints
{
    public static RouteGroupBuilder MapViolations(this RouteGroupBuilder group)
    {
        group.WithTags("Violations");
        group.MapPost("/", RecordAsync).WithName("RecordViolation")
            .WithLocation()
            .WithProblems(400, "violation.invalid")
            .WithProblems(403, "violation.profile_forbidden")
            .WithProblems(404, "client.not_found");
        group.MapGet("/", ListAsync).WithName("ListViolations").WithProblems(403, "violation.read_forbidden");
        group.MapGet("/{id:guid}", GetAsync).WithName("GetViolation")
            .WithProblems(403, "violation.read_forbidden")
            .WithProblems(404, "violation.not_found");
        return group;
    }

    /// <summary>Records what the policy for documents refused, one record for each time.</summary>
    internal static async Task<Results<Created<ViolationResponse>, Ok<ViolationResponse>>> RecordAsync(
        ViolationService violations,
        CurrentUser user,
        [FromHeader(Name = WriteKey.Header)] string? idempotencyKey,
        JsonBody<RecordViolationRequest> body,
        HttpContext context,
        CancellationToken cancellationToken)
    {
        ViolationAccess.EnsureMayRecord(user);
        var (request, key) = await body.ReadWithKeyAsync(user, idempotencyKey, cancellationToken);
        var caller = new ViolationCaller(context.Connection.RemoteIpAddress, context.Request.Headers.UserAgent);
        var (violation, created) = await violations.RecordAsync(user, request, caller, key, cancellationToken);
        return context.CreatedOnce(created, $"/api/v1/violations/{violation.Id}", version: null, ToResponse(violation));
    }

    /// <summary>Lists what was refused, the newest first, for those who lead the practice.</summary>
    /// <param name="profileId" example="0a000000-0000-7000-8000-000000000101">Only what this practitioner asked for.</param>
    internal static async Task<Ok<ViolationListResponse>> ListAsync(
        IViolationStore violations,
        CurrentUser user,
        Guid? profileId,
        [Range(1, 200)] int? limit,
        [StringLength(100)] string? cursor,
        CancellationToken cancellationToken)
    {
        ViolationAccess.EnsureMayRead(user);
        var size = limit ?? 50;
        var found = await violations.ListAsync(user.PracticeId, profileId, TimeCursor.Parse(cursor), size + 1, cancellationToken);
        var (page, next) = TimeCursor.Page(found, size, item => new(item.RecordedAt, item.Id));
        return TypedResults.Ok(new ViolationListResponse(
            [.. page.Select(item => new ViolationListItemResponse(
                item.Id, item.ProfileId, item.TemplateId, item.TemplateName, item.ViolationType, item.Confidence, item.ClientId, item.RecordedAt))],
            next));
    }

    /// <summary>Shows one record with the template's text, for those who lead the practice.</summary>
    internal static async Task<Ok<ViolationResponse>> GetAsync(
        Guid id, ViolationService violations, CurrentUser user, CancellationToken cancellationToken)
    {
        ViolationAccess.EnsureMayRead(user);
        return TypedResults.Ok(ToResponse(await violations.FindAsync(user, id, cancellationToken)));
    }

    private static ViolationResponse ToResponse(Violation from) =>
        new(from.Id, from.ProfileId, from.TemplateId, from.TemplateName, from.ViolationType, from.TemplateContent, from.Reason, from.Confidence,
            from.ClientId,
            from.Metadata is null ? null : JsonElement.Parse(from.Metadata),
            from.IpAddress, from.UserAgent, from.RecordedBy, from.RecordedAt);
}
