using System.Data.Common;
using System.Text.Json;
using AiPlatform.Services.Api.Data;
using AiPlatform.Services.Api.Homework;

namespace AiPlatform.Load.Seeding;

/// <summary>Homework of the clients, mostly answered, with feedback on what is older than two weeks. Who has the long lists was given something every day, and answered the first as often as may be.</summary>
internal sealed class HomeworkSeed(Phrases phrases) : ISeed
{
    private const int Most = 366;

    public string Name => "homework";

    public int BatchLength => 250;

    // By clients.
    public int CountIn(SeedPractice practice) => practice.Clients;

    public async Task<int> WriteAsync(
        DbConnection connection, DbTransaction transaction, SeedPractice practice, int first, int end, CancellationToken cancellationToken)
    {
        var assignments = Enumerable.Range(first, end - first).SelectMany(client => Make(practice, client)).ToList();
        await MultiRowInsert.ExecuteAsync(
            connection,
            transaction,
            """
            insert into homework_assignments
                (id, practice_id, client_id, practitioner_id, title, instructions, questions, status, submissions_wanted, submission_count,
                 assigned_at, due_at, completed_at, version)
            """,
            assignments.Select(assignment => assignment.Row),
            cancellationToken);
        var results = assignments.SelectMany(assignment => assignment.Results).ToList();
        await MultiRowInsert.ExecuteAsync(
            connection,
            transaction,
            """
            insert into homework_results
                (id, practice_id, assignment_id, client_id, practitioner_id, answers, score, maximum_score, submitted_at, feedback, feedback_at, version)
            """,
            results,
            cancellationToken);
        return assignments.Count + results.Count;
    }

    private IEnumerable<(object?[] Row, IReadOnlyList<object?[]> Results)> Make(SeedPractice practice, int client)
    {
        var random = practice.RandomOf(SeedKind.Assignment, client);
        var isLong = practice.HasLongLists(client);
        var count = isLong ? practice.Plan.Day.DayNumber - practice.Plan.FirstDay.DayNumber : random.Next(4);
        for (var number = 0; number < count; number++)
        {
            var assignedAt = practice.StartOf(client).AddDays(isLong ? number : number * 14).ToDateTime(new(17, 0), DateTimeKind.Utc);
            var id = practice.IdOf(SeedKind.Assignment, client * 10_000 + number, assignedAt);
            var wanted = isLong && number == 0 ? Most : random.Next(1, 4);
            var submitted = isLong && number == 0 ? Most : random.Next(wanted + 1);
            HomeworkQuestion[] questions =
            [
                new("q1", phrases.Say("question", random), "text", false, null, null, null),
                new("q2", "How hard was it?", "scale", true, 0, 10, null),
            ];
            var isComplete = submitted == wanted;
            object?[] row =
            [
                id, practice.Id, practice.ClientIdOf(client), practice.PractitionerIdOf(client), phrases.SayCapital("homework", random),
                phrases.SayCapital("instruction", random), JsonSerializer.Serialize(questions, HomeworkJsonContext.Default.IReadOnlyListHomeworkQuestion),
                isComplete ? HomeworkStatus.Completed : HomeworkStatus.Active, wanted, submitted, assignedAt, assignedAt.AddDays(wanted + 14),
                isComplete ? assignedAt.AddDays(submitted) : null, submitted + 1,
            ];
            yield return (row, [.. Enumerable.Range(0, submitted).Select(result => Answer(practice, client, number, result, id, assignedAt, random))]);
        }
    }

    private object?[] Answer(SeedPractice practice, int client, int number, int result, Guid assignmentId, DateTime assignedAt, Random random)
    {
        var submittedAt = assignedAt.AddDays(result + 1);
        var score = random.Next(11);
        var isRead = submittedAt < practice.Plan.Day.AddDays(-14).ToDateTime(TimeOnly.MinValue);
        HomeworkAnswer[] answers = [new("q1", null, phrases.SayCapital("client", random)), new("q2", score, null)];
        return
        [
            practice.IdOf(SeedKind.Result, (client * 10_000 + number) * 4 + result, submittedAt), practice.Id, assignmentId, practice.ClientIdOf(client),
            practice.PractitionerIdOf(client), JsonSerializer.Serialize(answers, HomeworkJsonContext.Default.IReadOnlyListHomeworkAnswer), score, 10, submittedAt,
            isRead ? phrases.SayCapital("therapist", random) : null, isRead ? submittedAt.AddDays(2) : null, isRead ? 2 : 1,
        ];
    }
}
