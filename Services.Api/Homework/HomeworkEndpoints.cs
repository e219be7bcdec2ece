using System.ComponentModel.DataAnnotations;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.ServiceDefaults.Writes;
using AiPlatform.Services.Api.Http;
using AiPlatform.Services.Api.OpenApi;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace AiPlatform.Services.Api.Homework;

internal static class HomeworkEndpoints
{
    /// <summary>What hangs on a client: their list, and giving them something.</summary>
    public static RouteGroupBuilder MapClientHomework(this RouteGroupBuilder group)
    {
        group.WithTags("Homework");
        group.MapGet("/{id:guid}/homework", ListAsync).WithName("ListClientHomework").WithProblems(404, "client.not_found");
        group.MapPost("/{id:guid}/homework", AssignAsync).WithName("AssignHomework")
            .WithETag()
            .WithLocation()
            .WithProblems(400, "homework.invalid")
            .WithProblems(403, "homework.assign_forbidden")
            .WithProblems(404, "client.not_found");
        return group;
    }

    public static RouteGroupBuilder MapHomeworkAssignments(this RouteGroupBuilder group)
    {
        group.WithTags("Homework");
        group.MapGet("/{id:guid}", GetAsync).WithName("GetHomeworkAssignment").WithETag().WithProblems(404, "homework.not_found");
        group.MapPut("/{id:guid}", ChangeAsync).WithName("ChangeHomeworkAssignment")
            .WithETag()
            .WithProblems(400, "homework.invalid")
            .WithProblems(403, "homework.assign_forbidden")
            .WithProblems(404, "homework.not_found")
            .WithProblems(409, "homework.completed");
        return group;
    }

    /// <summary>Lists a client's homework.</summary>
    /// <param name="status" example="active">Only what is in this state; all when absent.</param>
    /// <param name="sort" example="newest">By the time it was given; newest first when absent.</param>
    internal static async Task<Ok<HomeworkListResponse>> ListAsync(
        Guid id,
        HomeworkService homework,
        CurrentUser user,
        TimeProvider timeProvider,
        [AllowedValues(null, "all", "active", "completed", "expired", "cancelled")] string? status,
        [AllowedValues(null, "newest", "oldest")] string? sort,
        [Range(1, 100)] int? limit,
        [StringLength(100)] string? cursor,
        CancellationToken cancellationToken)
    {
        var (now, size) = (timeProvider.GetUtcNow(), limit ?? 20);
        var filter = new HomeworkFilter(status is "all" ? null : status, now, sort is "oldest", TimeCursor.Parse(cursor), size + 1);
        var found = await homework.ListAsync(user, id, filter, cancellationToken);
        var (page, next) = TimeCursor.Page(found, size, item => new(item.AssignedAt, item.Id));
        return TypedResults.Ok(new HomeworkListResponse(
            [.. page.Select(item => new HomeworkListItemResponse(
                item.Id, item.ClientId, item.PractitionerId, item.Title, HomeworkStatus.At(item.Status, item.DueAt, now),
                item.SubmissionsWanted, item.SubmissionCount, item.AssignedAt, item.DueAt, item.CompletedAt))],
            next));
    }

    /// <summary>Gives a client homework.</summary>
    internal static async Task<Results<Created<HomeworkAssignmentResponse>, Ok<HomeworkAssignmentResponse>>> AssignAsync(
        Guid id,
        HomeworkService homework,
        CurrentUser user,
        [FromHeader(Name = WriteKey.Header)] string? idempotencyKey,
        JsonBody<AssignHomeworkRequest> body,
        HttpContext context,
        TimeProvider timeProvider,
        CancellationToken cancellationToken)
    {
        HomeworkAccess.EnsureMayAssign(user);
        var (request, key) = await body.ReadWithKeyAsync(user, idempotencyKey, cancellationToken);
        var (assignment, created) = await homework.AssignAsync(user, id, request, key, cancellationToken);
        return context.CreatedOnce(
            created, $"/api/v1/homework/assignments/{assignment.Id}", assignment.Version, ToResponse(user, assignment, timeProvider));
    }

    /// <summary>Shows one assignment: what it asks and how far it is.</summary>
    /// <remarks>The front desk sees neither instructions nor questions.</remarks>
    internal static async Task<Ok<HomeworkAssignmentResponse>> GetAsync(
        Guid id, HomeworkService homework, CurrentUser user, HttpContext context, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        var assignment = await homework.FindAsync(user, id, cancellationToken);
        return context.OkWithTag(assignment.Version, ToResponse(user, assignment, timeProvider));
    }

    /// <summary>Changes an assignment: its title, its instructions, its due time, or whether it is still wanted.</summary>
    /// <remarks>A completed assignment stays as it is. One past its time takes submissions again when it gets a later one.</remarks>
    internal static async Task<Ok<HomeworkAssignmentResponse>> ChangeAsync(
        Guid id,
        HomeworkService homework,
        CurrentUser user,
        [FromHeader(Name = "If-Match")] string? ifMatch,
        JsonBody<ChangeHomeworkRequest> body,
        HttpContext context,
        TimeProvider timeProvider,
        CancellationToken cancellationToken)
    {
        HomeworkAccess.EnsureMayAssign(user);
        var changed = await homework.ChangeAsync(
            user, id, await body.ReadAsync(cancellationToken), IfMatch.Read(ifMatch), cancellationToken);
        return context.OkWithTag(changed.Version, ToResponse(user, changed, timeProvider));
    }

    private static HomeworkAssignmentResponse ToResponse(CurrentUser user, HomeworkAssignment from, TimeProvider timeProvider) =>
        new(from.Id, from.ClientId, from.PractitionerId, from.Title,
            user.ReadsContents() ? from.Instructions : null,
            user.ReadsContents() ? from.Questions : null,
            from.StatusAt(timeProvider.GetUtcNow()), from.SubmissionsWanted, from.SubmissionCount, from.AssignedAt, from.DueAt, from.CompletedAt);
}
