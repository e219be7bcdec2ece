using System.Globalization;
using AiPlatform.Services.Api.Clients;
using AiPlatform.Services.Api.ClinicalSessions;
using AiPlatform.Services.Api.Homework;
using AiPlatform.Services.Api.Mood;
using AiPlatform.Services.Api.Practices;
using AiPlatform.Services.Api.Practitioners;

namespace AiPlatform.Services.Api.Reports;

/// <summary>The records that a report is made of, all of one client and within its days, oldest first.</summary>
/// <param name="Practitioners">Those of the sessions, by their ids.</param>
internal sealed record ReportMatter(
    Practice Practice, Client Client, DateRange Range, TimeZoneInfo Zone, DateTimeOffset Now, IReadOnlyList<Appointment> Sessions,
    IReadOnlyDictionary<Guid, Practitioner> Practitioners, IReadOnlyList<HomeworkAssignmentHead> Assignments,
    IReadOnlyList<HomeworkResultHead> Results, IReadOnlyList<MoodEntry> Moods)
{
    public IReadOnlyList<Appointment> SessionsThat(string status) => [.. Sessions.Where(session => session.Status == status)];

    public string Title(string what) => $"{what}: {Client.Name}, {Text(Range.From)} to {Text(Range.To)}";

    /// <summary>2 June 2026, in the practice's time zone.</summary>
    public string Day(DateTimeOffset time) => Text(LocalDay.DateAt(time, Zone));

    /// <summary>2 June 2026, 09:00, in the practice's time zone.</summary>
    public string Moment(DateTimeOffset time) =>
        TimeZoneInfo.ConvertTime(time, Zone).ToString("d MMMM yyyy, HH:mm", CultureInfo.InvariantCulture);

    public static string Text(DateOnly day) => day.ToString("d MMMM yyyy", CultureInfo.InvariantCulture);

    public static string Count(int count, string one, string many) => string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? one : many)}");

    /// <summary>Half minutes count up.</summary>
    public static int Minutes(Appointment session) => (session.DurationSeconds + 30) / 60;

    public static ReportSource Source(Appointment session) => new("session", session.Id);

    public static ReportSource Source(HomeworkAssignmentHead assignment) => new("homework", assignment.Id);

    public static ReportSource Source(HomeworkResultHead result) => new("homework_result", result.Id);

    public static ReportSource Source(MoodEntry mood) => new("mood", mood.Id);
}
