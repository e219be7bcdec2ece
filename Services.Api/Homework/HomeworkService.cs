using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.ServiceDefaults.Writes;
using AiPlatform.Services.Api.Audit;
using AiPlatform.Services.Api.Clients;

namespace AiPlatform.Services.Api.Homework;

/// <summary>Giving homework and following it.</summary>
internal sealed partial class HomeworkService(
    IHomeworkStore homework, ClientGate gate, TimeProvider timeProvider, ILogger<HomeworkService> logger)
{
    private const int MaxSubmissions = 366;
    private static readonly TimeSpan Longest = TimeSpan.FromDays(5 * 365);

    public async Task<(HomeworkAssignment Assignment, bool Created)> AssignAsync(
        CurrentUser user, Guid clientId, AssignHomeworkRequest request, WriteKey key, CancellationToken cancellationToken)
    {
        var now = timeProvider.GetUtcNow();
        var client = await gate.FindAsync(user, clientId, cancellationToken) ?? throw ClientAccess.NotFound();
        var faults = new Faults("homework.invalid");
        CheckDue(request.DueAt, now, faults);
        var assignment = new HomeworkAssignment(
            Guid.CreateVersion7(now), client.Id, user.ProfileId ?? client.PractitionerId,
            faults.Text("title", request.Title, 200),
            faults.OptionalText("instructions", request.Instructions, 4000) ?? "",
            HomeworkQuestions.Check(request.Questions, faults),
            HomeworkStatus.Active,
            faults.Number("submissionsWanted", request.SubmissionsWanted ?? 1, 1, MaxSubmissions),
            SubmissionCount: 0, now, request.DueAt, CompletedAt: null, Version: 1);
        faults.Throw();

        var (id, created) = await homework.AddAsync(
            user.PracticeId, key, assignment,
            AuditEntry.By(user, AuditActions.HomeworkAssigned, AuditRecords.Homework, assignment.Id, now), cancellationToken);
        if (created)
        {
            LogAssigned(id);
        }

        return (await FindAsync(user, id, cancellationToken), created);
    }

    public async Task<IReadOnlyList<HomeworkAssignmentHead>> ListAsync(
        CurrentUser user, Guid clientId, HomeworkFilter filter, CancellationToken cancellationToken)
    {
        if (!await gate.SeesAsync(user, clientId, cancellationToken))
        {
            throw ClientAccess.NotFound();
        }

        return await homework.ListAsync(user.PracticeId, clientId, filter, cancellationToken);
    }

    public async Task<HomeworkAssignment> FindAsync(CurrentUser user, Guid id, CancellationToken cancellationToken) =>
        await homework.FindAsync(user.PracticeId, id, cancellationToken) is { } found && await gate.SeesAsync(user, found.ClientId, cancellationToken)
            ? found
            : throw HomeworkAccess.NotFound();

    public async Task<HomeworkAssignment> ChangeAsync(
        CurrentUser user, Guid id, ChangeHomeworkRequest request, IfMatch ifMatch, CancellationToken cancellationToken)
    {
        await FindAsync(user, id, cancellationToken);
        var now = timeProvider.GetUtcNow();
        var audited = AuditEntry.By(user, AuditActions.HomeworkChanged, AuditRecords.Homework, id, now);
        return await homework.ChangeAsync(user.PracticeId, id, found => Change(found, request, ifMatch, now), audited, cancellationToken)
            ?? throw HomeworkAccess.NotFound();
    }

    private static HomeworkAssignment Change(HomeworkAssignment found, ChangeHomeworkRequest request, IfMatch ifMatch, DateTimeOffset now)
    {
        ifMatch.Ensure(found.Version);
        if (found.Status is HomeworkStatus.Completed)
        {
            throw new DomainException(DomainErrorKind.Conflict, "homework.completed", "The assignment is completed and stays as it is.");
        }

        var faults = new Faults("homework.invalid");
        if (request.Status is not (HomeworkStatus.Active or HomeworkStatus.Cancelled))
        {
            faults.Add("status", "homework.status_invalid", "The status is active or cancelled.");
        }

        // A time that has passed may stay, but none may be set.
        if (request.DueAt != found.DueAt)
        {
            CheckDue(request.DueAt, now, faults);
        }

        var changed = found with
        {
            Title = faults.Text("title", request.Title, 200),
            Instructions = faults.OptionalText("instructions", request.Instructions, 4000) ?? "",
            DueAt = request.DueAt,
            Status = request.Status ?? "",
        };
        faults.Throw();
        return changed;
    }

    private static void CheckDue(DateTimeOffset? dueAt, DateTimeOffset now, Faults faults)
    {
        if (dueAt <= now || dueAt > now + Longest)
        {
            faults.Add("dueAt", "homework.due_invalid", "The due time lies in the future, within five years.");
        }
    }

    [LoggerMessage(LogLevel.Information, "Gave homework {AssignmentId}.")]
    private partial void LogAssigned(Guid assignmentId);
}
