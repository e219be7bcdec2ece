using AiPlatform.ServiceDefaults.Security;
using AiPlatform.ServiceDefaults.Writes;
using AiPlatform.Services.Api.OpenApi;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace AiPlatform.Services.Api.ClinicalSessions;

internal static class SessionPlanEndpoints
{
    public static RouteGroupBuilder MapSessionPlans(this RouteGroupBuilder group)
    {
        group.MapPost("/", CreateAsync).WithName("CreateSession")
            .WithETag()
            .WithLocation()
            .WithProblems(400, "session.invalid")
            .WithProblems(403, "session.write_forbidden")
            .WithProblems(404, "client.not_found");
        group.MapPut("/{id:guid}", ChangeAsync).WithName("ChangeSession")
            .WithETag()
            .WithProblems(400, "session.invalid")
            .WithProblems(403, "session.write_forbidden")
            .WithProblems(404, "session.not_found")
            .WithProblems(409, "session.was_held");
        return group;
    }

    /// <summary>Keeps a session that is planned, or was held without a recording.</summary>
    internal static async Task<Results<Created<SessionResponse>, Ok<SessionResponse>>> CreateAsync(
        SessionPlanService plans,
        ClinicalSessionService sessions,
        CurrentUser user,
        [FromHeader(Name = WriteKey.Header)] string? idempotencyKey,
        JsonBody<CreateSessionRequest> body,
        HttpContext context,
        CancellationToken cancellationToken)
    {
        SessionPlanService.EnsureMayPlan(user);
        var (request, key) = await body.ReadWithKeyAsync(user, idempotencyKey, cancellationToken);
        var (session, created) = await plans.CreateAsync(user, request, key, cancellationToken);
        return context.CreatedOnce(
            created, $"/api/v1/sessions/{session.Id}", session.Version, await sessions.DescribeAsync(user, session, cancellationToken));
    }

    /// <summary>Changes a session: its title, time, length and status.</summary>
    internal static async Task<Ok<SessionResponse>> ChangeAsync(
        Guid id,
        SessionPlanService plans,
        ClinicalSessionService sessions,
        CurrentUser user,
        [FromHeader(Name = "If-Match")] string? ifMatch,
        JsonBody<ChangeSessionRequest> body,
        HttpContext context,
        CancellationToken cancellationToken)
    {
        SessionPlanService.EnsureMayPlan(user);
        var changed = await plans.ChangeAsync(user, id, await body.ReadAsync(cancellationToken), IfMatch.Read(ifMatch), cancellationToken);
        return context.OkWithTag(changed.Version, await sessions.DescribeAsync(user, changed, cancellationToken));
    }
}
