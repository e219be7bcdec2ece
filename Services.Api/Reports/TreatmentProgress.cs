using System.Globalization;
using AiPlatform.Services.Api.ClinicalSessions;
using AiPlatform.Services.Api.Homework;
using static AiPlatform.Services.Api.Reports.ReportMatter;

namespace AiPlatform.Services.Api.Reports;

/// <summary>What the client wanted, whether they came, what they did and how they said they were: counted and quoted, nothing concluded.</summary>
internal static class TreatmentProgress
{
    public static ReportContent Write(ReportMatter matter)
    {
        var (held, cancelled) = (matter.SessionsThat(SessionStatus.Held), matter.SessionsThat(SessionStatus.Cancelled));
        decimal? average = matter.Moods.Count == 0 ? null : Math.Round(matter.Moods.Average(mood => (decimal)mood.Scale), 2);
        return new(
            matter.Title("Treatment progress"),
            [
                new("sessionsHeld", held.Count, "sessions"),
                new("sessionsCancelled", cancelled.Count, "sessions"),
                new("homeworkGiven", matter.Assignments.Count, "assignments"),
                new("homeworkCompleted", matter.Assignments.Count(assignment => assignment.Status is HomeworkStatus.Completed), "assignments"),
                new("homeworkSubmitted", matter.Results.Count, "submissions"),
                new("moodAverage", average, "points"),
                new("moodFirst", matter.Moods.Count == 0 ? null : matter.Moods[0].Scale, "points"),
                new("moodLast", matter.Moods.Count == 0 ? null : matter.Moods[^1].Scale, "points"),
            ],
            [
                new("Aims", Aims(matter)),
                new("Attendance", Attendance(matter, held, cancelled)),
                new("Homework", Homework(matter)),
                new("Mood", Mood(matter, average)),
            ]);
    }

    private static List<ReportStatement> Aims(ReportMatter matter)
    {
        ReportSource client = new("client", matter.Client.Id);
        return
        [
            .. matter.Client.PresentingConcerns.Length == 0 ? [] : new[] { new ReportStatement($"Presenting concerns: {matter.Client.PresentingConcerns}", [client]) },
            .. matter.Client.Goals.Select(goal => new ReportStatement($"Goal: {goal}", [client])),
        ];
    }

    private static List<ReportStatement> Attendance(
        ReportMatter matter, IReadOnlyList<Appointment> held, IReadOnlyList<Appointment> cancelled)
    {
        var statements = new List<ReportStatement>();
        if (held.Count > 0)
        {
            statements.Add(new(
                $"{Count(held.Count, "session was", "sessions were")} held, the first on {matter.Day(held[0].StartedAt)}, the last on {matter.Day(held[^1].StartedAt)}.",
                [.. held.Select(Source)]));
        }

        if (cancelled.Count > 0)
        {
            statements.Add(new($"{Count(cancelled.Count, "session was", "sessions were")} cancelled.", [.. cancelled.Select(Source)]));
        }

        return statements;
    }

    private static List<ReportStatement> Homework(ReportMatter matter)
    {
        var titles = matter.Assignments.ToDictionary(assignment => assignment.Id, assignment => assignment.Title);
        return
        [
            .. matter.Assignments.Select(assignment => new ReportStatement(
                $"\"{assignment.Title}\" was given on {matter.Day(assignment.AssignedAt)} and is {HomeworkStatus.At(assignment.Status, assignment.DueAt, matter.Now)}, "
                + $"{Count(assignment.SubmissionCount, "submission", "submissions")} of {assignment.SubmissionsWanted}.",
                [Source(assignment)])),
            .. matter.Results.Where(result => result.Score is not null).Select(result => new ReportStatement(
                string.Create(CultureInfo.InvariantCulture, $"{(titles.TryGetValue(result.AssignmentId, out var title) ? $"\"{title}\"" : "Earlier homework")} scored {result.Score} of {result.MaximumScore} on {matter.Day(result.SubmittedAt)}."),
                [Source(result), new("homework", result.AssignmentId)])),
        ];
    }

    private static List<ReportStatement> Mood(ReportMatter matter, decimal? average)
    {
        if (matter.Moods is not [var first, ..] || matter.Moods is not [.., var last])
        {
            return [];
        }

        return
        [
            new(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{Count(matter.Moods.Count, "entry", "entries")}, {average:0.##} on average, {matter.Moods.Min(mood => mood.Scale)} at the lowest and {matter.Moods.Max(mood => mood.Scale)} at the highest, on a scale from 1 to 10."),
                [.. matter.Moods.Select(Source)]),
            Quote("First", first),
            .. last == first ? [] : new[] { Quote("Last", last) },
        ];

        ReportStatement Quote(string which, Api.Mood.MoodEntry mood) =>
            new(string.Create(CultureInfo.InvariantCulture, $"{which} entry, {matter.Day(mood.RecordedAt)}: \"{mood.Mood}\", {mood.Scale}."), [Source(mood)]);
    }
}
