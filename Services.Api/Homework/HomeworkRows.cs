using System.Text.Json;

namespace AiPlatform.Services.Api.Homework;

/// <summary>An assignment as its table has it: the questions as JSON.</summary>
internal sealed record AssignmentRow(
    Guid Id, Guid PracticeId, Guid ClientId, Guid PractitionerId, string Title, string Instructions, string Questions, string Status,
    int SubmissionsWanted, int SubmissionCount, DateTimeOffset AssignedAt, DateTimeOffset? DueAt, DateTimeOffset? CompletedAt, int Version)
{
    public static AssignmentRow From(Guid practiceId, HomeworkAssignment from) =>
        new(from.Id, practiceId, from.ClientId, from.PractitionerId, from.Title, from.Instructions,
            JsonSerializer.Serialize(from.Questions, HomeworkJsonContext.Default.IReadOnlyListHomeworkQuestion),
            from.Status, from.SubmissionsWanted, from.SubmissionCount, from.AssignedAt, from.DueAt, from.CompletedAt, from.Version);

    public HomeworkAssignment ToAssignment() =>
        new(Id, ClientId, PractitionerId, Title, Instructions,
            JsonSerializer.Deserialize(Questions, HomeworkJsonContext.Default.IReadOnlyListHomeworkQuestion) ?? [],
            Status, SubmissionsWanted, SubmissionCount, AssignedAt, DueAt, CompletedAt, Version);
}

/// <summary>Sums as the server tells them.</summary>
internal sealed record HomeworkCountsRow(
    Guid ClientId, long Total, long Active, long Completed, long Expired, long Cancelled, long Submissions, DateTimeOffset? LastAssignedAt,
    DateTimeOffset? LastSubmittedAt)
{
    public HomeworkCounts ToCounts() =>
        new((int)Total, (int)Active, (int)Completed, (int)Expired, (int)Cancelled, (int)Submissions, LastAssignedAt, LastSubmittedAt);
}

/// <summary>A result as its table has it: the answers as JSON.</summary>
internal sealed record ResultRow(
    Guid Id, Guid PracticeId, Guid AssignmentId, Guid ClientId, string Answers, string? Comment, int? Score, int? MaximumScore,
    DateTimeOffset SubmittedAt, string? Feedback, DateTimeOffset? FeedbackAt, int Version)
{
    public static ResultRow From(Guid practiceId, HomeworkResult from) =>
        new(from.Id, practiceId, from.AssignmentId, from.ClientId,
            JsonSerializer.Serialize(from.Answers, HomeworkJsonContext.Default.IReadOnlyListHomeworkAnswer),
            from.Comment, from.Score, from.MaximumScore, from.SubmittedAt, from.Feedback, from.FeedbackAt, from.Version);

    public HomeworkResult ToResult() =>
        new(Id, AssignmentId, ClientId,
            JsonSerializer.Deserialize(Answers, HomeworkJsonContext.Default.IReadOnlyListHomeworkAnswer) ?? [],
            Comment, Score, MaximumScore, SubmittedAt, Feedback, FeedbackAt, Version);
}

internal sealed record ResultHeadRow(
    Guid Id, Guid AssignmentId, Guid ClientId, int? Score, int? MaximumScore, DateTimeOffset SubmittedAt, DateTimeOffset? FeedbackAt)
{
    public HomeworkResultHead ToHead() => new(Id, AssignmentId, ClientId, Score, MaximumScore, SubmittedAt, FeedbackAt is not null);
}
