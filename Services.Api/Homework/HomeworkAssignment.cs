namespace AiPlatform.Services.Api.Homework;

/// <summary>Something a client was asked to do until a time, once or several times.</summary>
internal sealed record HomeworkAssignment(
    Guid Id, Guid ClientId, Guid PractitionerId, string Title, string Instructions, IReadOnlyList<HomeworkQuestion> Questions, string Status,
    int SubmissionsWanted, int SubmissionCount, DateTimeOffset AssignedAt, DateTimeOffset? DueAt, DateTimeOffset? CompletedAt, int Version)
{
    public string StatusAt(DateTimeOffset now) => HomeworkStatus.At(Status, DueAt, now);
}

/// <summary>An assignment as a list shows it: what it asks stays out.</summary>
internal sealed record HomeworkAssignmentHead(
    Guid Id, Guid ClientId, Guid PractitionerId, string Title, string Status, int SubmissionsWanted, int SubmissionCount,
    DateTimeOffset AssignedAt, DateTimeOffset? DueAt, DateTimeOffset? CompletedAt);

/// <summary>The homework of a client in figures.</summary>
internal sealed record HomeworkCounts(
    int Total, int Active, int Completed, int Expired, int Cancelled, int Submissions, DateTimeOffset? LastAssignedAt, DateTimeOffset? LastSubmittedAt)
{
    public static HomeworkCounts None { get; } = new(0, 0, 0, 0, 0, 0, null, null);
}

/// <summary>One submission, with what the practice said to it.</summary>
/// <param name="Score">The sum of the scales that were answered; null when the assignment has none.</param>
internal sealed record HomeworkResult(
    Guid Id, Guid AssignmentId, Guid ClientId, IReadOnlyList<HomeworkAnswer> Answers, string? Comment, int? Score, int? MaximumScore,
    DateTimeOffset SubmittedAt, string? Feedback, DateTimeOffset? FeedbackAt, int Version);

internal sealed record HomeworkResultHead(
    Guid Id, Guid AssignmentId, Guid ClientId, int? Score, int? MaximumScore, DateTimeOffset SubmittedAt, bool HasFeedback);

/// <summary>The states of an assignment on the wire and in the table; expired is in no table, it is active past its time.</summary>
internal static class HomeworkStatus
{
    public const string Active = "active";
    public const string Completed = "completed";
    public const string Expired = "expired";
    public const string Cancelled = "cancelled";

    public static string At(string status, DateTimeOffset? dueAt, DateTimeOffset now) => status is Active && dueAt <= now ? Expired : status;
}
