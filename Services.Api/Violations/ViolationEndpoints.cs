using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace AiPlatform.Services.Api.Violations;

internal static class ViolationEndpoints
{
    public static RouteGroupBuilder MapViolations(this RouteGroupBuilder group)
    {
        group.WithTags("Violations");
        group.MapPost("/", RecordAsync).WithName("RecordViolation");
        group.MapGet("/", ListAsync).WithName("ListViolations");
        group.MapGet("/{id:guid}", GetAsync).WithName("GetViolation");
        return group;
    }

    private static async Task<Results<Created<ViolationResponse>, Ok<ViolationResponse>>> RecordAsync(
        ViolationService violations,
        CurrentUser user,
        [FromHeader(Name = WriteKey.Header)] string? idempotencyKey,
        JsonBody<RecordViolationRequest> body,
        HttpContext context,
        CancellationToken cancellationToken)
    {
        ViolationAccess.EnsureMayRecord(user);
        var request = await body.ReadAsync(cancellationToken);
        var key = WriteKey.Read(user, idempotencyKey, context.Request, body.Bytes);
        var caller = new ViolationCaller(context.Connection.RemoteIpAddress, context.Request.Headers.UserAgent);
        var (violation, created) = await violations.RecordAsync(user, request, caller, key, cancellationToken);
        return context.CreatedOnce(created, $"/api/v1/violations/{violation.Id}", version: null, ToResponse(violation));
    }

    private static async Task<Ok<ViolationListResponse>> ListAsync(
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

    private static async Task<Ok<ViolationResponse>> GetAsync(
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
