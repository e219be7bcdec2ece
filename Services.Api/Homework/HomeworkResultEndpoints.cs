using System.ComponentModel.DataAnnotations;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.ServiceDefaults.Writes;
using AiPlatform.Services.Api.Http;
using AiPlatform.Services.Api.OpenApi;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace AiPlatform.Services.Api.Homework;

internal static class HomeworkResultEndpoints
{
    public static RouteGroupBuilder MapHomeworkResults(this RouteGroupBuilder group)
    {
        group.WithTags("Homework");
        group.MapGet("/assignments/{id:guid}/results", ListAsync).WithName("ListHomeworkResults")
            .WithProblems(403, "homework.results_forbidden")
            .WithProblems(404, "homework.not_found");
        group.MapPost("/assignments/{id:guid}/results", SubmitAsync).WithName("SubmitHomework")
            .WithETag()
            .WithLocation()
            .WithProblems(400, "homework.invalid")
            .WithProblems(403, "homework.submit_forbidden")
            .WithProblems(404, "homework.not_found")
            .WithProblems(409, "homework.completed", "homework.expired", "homework.cancelled");
        group.MapGet("/results/{id:guid}", GetAsync).WithName("GetHomeworkResult")
            .WithETag()
            .WithProblems(403, "homework.results_forbidden")
            .WithProblems(404, "homework.result_not_found");
        group.MapPut("/results/{id:guid}/feedback", GiveFeedbackAsync).WithName("GiveHomeworkFeedback")
            .WithETag()
            .WithProblems(400, "homework.invalid")
            .WithProblems(403, "homework.assign_forbidden")
            .WithProblems(404, "homework.result_not_found");
        return group;
    }

    /// <summary>Lists what was submitted for an assignment, the newest first.</summary>
    internal static async Task<Ok<HomeworkResultListResponse>> ListAsync(
        Guid id,
        HomeworkResultService results,
        CurrentUser user,
        [Range(1, 100)] int? limit,
        [StringLength(100)] string? cursor,
        CancellationToken cancellationToken)
    {
        HomeworkAccess.EnsureReadsResults(user);
        var size = limit ?? 50;
        var found = await results.ListAsync(user, id, TimeCursor.Parse(cursor), size + 1, cancellationToken);
        var (page, next) = TimeCursor.Page(found, size, item => new(item.SubmittedAt, item.Id));
        return TypedResults.Ok(new HomeworkResultListResponse(
            [.. page.Select(item => new HomeworkResultListItemResponse(
                item.Id, item.AssignmentId, item.ClientId, item.Score, item.MaximumScore, item.SubmittedAt, item.HasFeedback))],
            next));
    }

    /// <summary>Submits answers, as the client they were asked of.</summary>
    /// <remarks>The submission that is the last one wanted completes the assignment.</remarks>
    internal static async Task<Results<Created<HomeworkResultResponse>, Ok<HomeworkResultResponse>>> SubmitAsync(
        Guid id,
        HomeworkResultService results,
        CurrentUser user,
        [FromHeader(Name = WriteKey.Header)] string? idempotencyKey,
        JsonBody<SubmitHomeworkRequest> body,
        HttpContext context,
        CancellationToken cancellationToken)
    {
        HomeworkAccess.EnsureMaySubmit(user);
        var (request, key) = await body.ReadWithKeyAsync(user, idempotencyKey, cancellationToken);
        var (result, assignment, created) = await results.SubmitAsync(user, id, request, key, cancellationToken);
        return context.CreatedOnce(
            created, $"/api/v1/homework/results/{result.Id}", result.Version, ToResponse(result, assignment, includeQuestions: false));
    }

    /// <summary>Shows one submission: answers, score and feedback.</summary>
    /// <param name="includeQuestions" example="true">Whether to show what was asked; true when absent.</param>
    internal static async Task<Ok<HomeworkResultResponse>> GetAsync(
        Guid id, HomeworkResultService results, CurrentUser user, bool? includeQuestions, HttpContext context, CancellationToken cancellationToken)
    {
        HomeworkAccess.EnsureReadsResults(user);
        var (result, assignment) = await results.FindAsync(user, id, cancellationToken);
        return context.OkWithTag(result.Version, ToResponse(result, assignment, includeQuestions ?? true));
    }

    /// <summary>Says something to a submission, in place of what was said before.</summary>
    internal static async Task<Ok<HomeworkResultResponse>> GiveFeedbackAsync(
        Guid id,
        HomeworkResultService results,
        CurrentUser user,
        [FromHeader(Name = "If-Match")] string? ifMatch,
        JsonBody<HomeworkFeedbackRequest> body,
        HttpContext context,
        CancellationToken cancellationToken)
    {
        HomeworkAccess.EnsureMayAssign(user);
        var (result, assignment) = await results.GiveFeedbackAsync(
            user, id, await body.ReadAsync(cancellationToken), IfMatch.Read(ifMatch), cancellationToken);
        return context.OkWithTag(result.Version, ToResponse(result, assignment, includeQuestions: false));
    }

    private static HomeworkResultResponse ToResponse(HomeworkResult from, HomeworkAssignment assignment, bool includeQuestions) =>
        new(from.Id, from.AssignmentId, from.ClientId, assignment.Title, includeQuestions ? assignment.Questions : null,
            from.Answers, from.Comment, from.Score, from.MaximumScore, from.SubmittedAt, from.Feedback, from.FeedbackAt);
}
