using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.ServiceDefaults.Writes;
using AiPlatform.Services.Api.Audit;
using AiPlatform.Services.Api.Clients;
using AiPlatform.Services.Api.Http;

namespace AiPlatform.Services.Api.Homework;

/// <summary>Submitting homework, reading what was submitted, and saying something to it.</summary>
internal sealed partial class HomeworkResultService(
    IHomeworkStore homework, HomeworkService assignments, ClientGate gate, AuditQueue audit, TimeProvider timeProvider,
    ILogger<HomeworkResultService> logger)
{
    public async Task<(HomeworkResult Result, HomeworkAssignment Assignment, bool Created)> SubmitAsync(
        CurrentUser user, Guid assignmentId, SubmitHomeworkRequest request, WriteKey key, CancellationToken cancellationToken)
    {
        var now = timeProvider.GetUtcNow();
        var assignment = await assignments.FindAsync(user, assignmentId, cancellationToken);
        var faults = new Faults("homework.invalid");
        var answers = HomeworkQuestions.CheckAnswers(assignment.Questions, request.Answers, faults);
        var comment = faults.OptionalText("comment", request.Comment, 4000);
        faults.Throw();

        var (score, maximum) = HomeworkQuestions.Score(assignment.Questions, answers);
        var result = new HomeworkResult(
            Guid.CreateVersion7(now), assignment.Id, assignment.ClientId, answers, comment, score, maximum, now,
            Feedback: null, FeedbackAt: null, Version: 1);
        var audited = AuditEntry.By(user, AuditActions.HomeworkSubmitted, AuditRecords.HomeworkResult, result.Id, now);
        var (id, created) = await homework.SubmitAsync(user.PracticeId, key, result, found => Accept(found, now), audited, cancellationToken);
        if (created)
        {
            LogSubmitted(id, assignment.Id);
        }

        var stored = await homework.FindResultAsync(user.PracticeId, id, cancellationToken) ?? throw HomeworkAccess.ResultNotFound();
        return (stored, assignment, created);
    }

    public async Task<IReadOnlyList<HomeworkResultHead>> ListAsync(
        CurrentUser user, Guid assignmentId, TimeCursor? after, int limit, CancellationToken cancellationToken)
    {
        await assignments.FindAsync(user, assignmentId, cancellationToken);
        return await homework.ListResultsAsync(user.PracticeId, assignmentId, after, limit, cancellationToken);
    }

    public async Task<(HomeworkResult Result, HomeworkAssignment Assignment)> FindAsync(CurrentUser user, Guid id, CancellationToken cancellationToken)
    {
        var result = await FindSeenAsync(user, id, cancellationToken);
        var outcome = result is not null ? AuditOutcomes.Success : AuditOutcomes.Refused;
        var entry = AuditEntry.By(user, AuditActions.HomeworkResultRead, AuditRecords.HomeworkResult, id, timeProvider.GetUtcNow(), outcome);
        await audit.RecordAsync(user.PracticeId, entry, cancellationToken);
        return result is not null
            ? (result, await assignments.FindAsync(user, result.AssignmentId, cancellationToken))
            : throw HomeworkAccess.ResultNotFound();
    }

    public async Task<(HomeworkResult Result, HomeworkAssignment Assignment)> GiveFeedbackAsync(
        CurrentUser user, Guid id, HomeworkFeedbackRequest request, IfMatch ifMatch, CancellationToken cancellationToken)
    {
        _ = await FindSeenAsync(user, id, cancellationToken) ?? throw HomeworkAccess.ResultNotFound();
        var now = timeProvider.GetUtcNow();
        var faults = new Faults("homework.invalid");
        var feedback = faults.OptionalText("feedback", request.Feedback, 4000);
        var changed = await homework.ChangeResultAsync(
            user.PracticeId,
            id,
            found =>
            {
                ifMatch.Ensure(found.Version);
                faults.Throw();
                return found with { Feedback = feedback, FeedbackAt = feedback is null ? null : now };
            },
            AuditEntry.By(user, AuditActions.HomeworkFeedbackGiven, AuditRecords.HomeworkResult, id, now),
            cancellationToken) ?? throw HomeworkAccess.ResultNotFound();
        return (changed, await assignments.FindAsync(user, changed.AssignmentId, cancellationToken));
    }

    private async Task<HomeworkResult?> FindSeenAsync(CurrentUser user, Guid id, CancellationToken cancellationToken) =>
        await homework.FindResultAsync(user.PracticeId, id, cancellationToken) is { } found && await gate.SeesAsync(user, found.ClientId, cancellationToken)
            ? found
            : null;

    private static HomeworkAssignment Accept(HomeworkAssignment found, DateTimeOffset now)
    {
        if (found.StatusAt(now) is not HomeworkStatus.Active and var status)
        {
            throw new DomainException(DomainErrorKind.Conflict, $"homework.{status}", $"The assignment is {status} and takes no more submissions.");
        }

        var count = found.SubmissionCount + 1;
        return count < found.SubmissionsWanted
            ? found with { SubmissionCount = count }
            : found with { SubmissionCount = count, Status = HomeworkStatus.Completed, CompletedAt = now };
    }

    [LoggerMessage(LogLevel.Information, "Result {ResultId} was submitted for homework {AssignmentId}.")]
    private partial void LogSubmitted(Guid resultId, Guid assignmentId);
}
