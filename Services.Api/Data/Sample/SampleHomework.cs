using System.Data.Common;
using System.Text.Json;
using AiPlatform.Services.Api.Homework;

namespace AiPlatform.Services.Api.Data.Sample;

/// <summary>A little homework and a few moods of the invented clients.</summary>
internal sealed record SampleHomework(
    IReadOnlyList<SampleAssignment> Assignments, IReadOnlyList<SampleResult> Results, IReadOnlyList<SampleMood> Moods)
{
    public async Task InsertAsync(DbConnection connection, DbTransaction transaction, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await MultiRowInsert.ExecuteAsync(
            connection,
            transaction,
            """
            insert ignore into homework_assignments
                (id, practice_id, client_id, practitioner_id, title, instructions, questions, status, submissions_wanted, submission_count,
                 assigned_at, version)
            """,
            Assignments.Select(assignment => (object?[])
            [
                assignment.Id, assignment.PracticeId, assignment.ClientId, assignment.PractitionerId, assignment.Title, assignment.Instructions,
                JsonSerializer.Serialize(assignment.Questions, HomeworkJsonContext.Default.IReadOnlyListHomeworkQuestion), assignment.Status,
                assignment.SubmissionsWanted, assignment.SubmissionCount, assignment.AssignedAt, 1,
            ]),
            cancellationToken);
        var givenBy = Assignments.ToDictionary(assignment => assignment.Id, assignment => assignment.PractitionerId);
        await MultiRowInsert.ExecuteAsync(
            connection,
            transaction,
            """
            insert ignore into homework_results
                (id, practice_id, assignment_id, client_id, practitioner_id, answers, score, maximum_score, submitted_at, version)
            """,
            Results.Select(result => (object?[])
            [
                result.Id, result.PracticeId, result.AssignmentId, result.ClientId, givenBy[result.AssignmentId],
                JsonSerializer.Serialize(result.Answers, HomeworkJsonContext.Default.IReadOnlyListHomeworkAnswer), result.Score,
                result.MaximumScore, result.SubmittedAt, 1,
            ]),
            cancellationToken);
        await MultiRowInsert.ExecuteAsync(
            connection,
            transaction,
            "insert ignore into mood_entries (id, practice_id, client_id, mood, scale, note, recorded_at, created_at)",
            Moods.Select(mood => (object?[])[mood.Id, mood.PracticeId, mood.ClientId, mood.Mood, mood.Scale, mood.Note, mood.RecordedAt, now]),
            cancellationToken);
    }
}

internal sealed record SampleAssignment(
    Guid Id, Guid PracticeId, Guid ClientId, Guid PractitionerId, string Title, string Instructions, IReadOnlyList<HomeworkQuestion> Questions,
    string Status, int SubmissionsWanted, int SubmissionCount, DateTimeOffset AssignedAt);

internal sealed record SampleResult(
    Guid Id, Guid PracticeId, Guid AssignmentId, Guid ClientId, IReadOnlyList<HomeworkAnswer> Answers, int Score, int MaximumScore,
    DateTimeOffset SubmittedAt);

internal sealed record SampleMood(Guid Id, Guid PracticeId, Guid ClientId, string Mood, int Scale, string? Note, DateTimeOffset RecordedAt);
