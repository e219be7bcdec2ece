using System.Data.Common;
using AiPlatform.Services.Api.ClinicalSessions;

namespace AiPlatform.Load.Seeding;

/// <summary>
/// Sessions in the order of time, with transcripts up to the seed's day; every day has some, so that whichever day it is has something to show. Most are
/// with those who came within the last year; one in a hundred is with who has the long lists.
/// </summary>
internal sealed class SessionSeed(Phrases phrases) : ISeed
{
    private const int OneInSoManyIsLong = 100;

    public string Name => "sessions";

    public int BatchLength => 200;

    public int CountIn(SeedPractice practice) => practice.Sessions;

    public async Task<int> WriteAsync(
        DbConnection connection, DbTransaction transaction, SeedPractice practice, int first, int end, CancellationToken cancellationToken)
    {
        var sessions = Enumerable.Range(first, end - first).Select(number => Make(practice, number)).ToList();
        await ClinicalSessionRows.InsertAsync(
            connection, transaction, practice.Id, sessions, new(practice.Plan.FirstDay, TimeOnly.MinValue, TimeSpan.Zero), cancellationToken);
        return sessions.Sum(session => 2 + session.Segments.Count);
    }

    public static DateTimeOffset StartOf(SeedPractice practice, int number)
    {
        var (first, last) = (practice.Plan.FirstDay, practice.Plan.LastDay);
        var day = Math.DivRem((long)number * (last.DayNumber - first.DayNumber), practice.Sessions, out var rest);
        var minutes = rest * 10 * 60 / practice.Sessions / 5 * 5;
        return new(first.AddDays((int)day), new TimeOnly(8, 0).AddMinutes(minutes), TimeSpan.Zero);
    }

    private (ClinicalSession Session, IReadOnlyList<TranscriptSegment> Segments) Make(SeedPractice practice, int number)
    {
        var random = practice.RandomOf(SeedKind.Session, number);
        var startedAt = StartOf(practice, number);
        var client = ClientOf(practice, number, startedAt, random);
        var segments = startedAt.UtcDateTime < practice.Plan.Day.ToDateTime(TimeOnly.MinValue) ? Speak(random) : [];
        var session = new ClinicalSession(
            practice.IdOf(SeedKind.Session, number, startedAt), practice.ClientIdOf(client), practice.PractitionerIdOf(client),
            phrases.SayCapital("title", random), startedAt, segments.Count == 0 ? 50 * 60 : segments[^1].StartMs / 1000 + 8, segments.Count,
            segments.Count == 0 ? null : Math.Round(0.85 + random.NextDouble() * 0.14, 3),
            segments.Count == 0 ? SessionStatus.Planned : SessionStatus.Held, TranscriptExpiredAt: null, Version: 1);
        return (session, segments);
    }

    private static int ClientOf(SeedPractice practice, int number, DateTimeOffset startedAt, Random random)
    {
        var days = practice.Plan.Day.DayNumber - practice.Plan.FirstDay.DayNumber;
        var come = Math.Clamp((int)((long)practice.Clients * (DateOnly.FromDateTime(startedAt.UtcDateTime).DayNumber - practice.Plan.FirstDay.DayNumber) / days), 1, practice.Clients);
        return number % 100 == 0 && practice.HasLongLists(0) ? 0
            : random.Next(10) == 0 ? random.Next(come)
            : random.Next(Math.Max(0, come - practice.Clients / 5), come);
    }

    private List<TranscriptSegment> Speak(Random random)
    {
        var count = random.Next(OneInSoManyIsLong) == 0 ? random.Next(120, 250) : random.Next(6, 43);
        var segments = new List<TranscriptSegment>(count);
        var start = 0;
        for (var index = 0; index < count; index++)
        {
            var speaker = index % 2 == 0 ? "therapist" : "client";
            var text = phrases.SayCapital(speaker, random);
            if (speaker == "client" && random.Next(3) == 0)
            {
                text = $"{text} {phrases.SayCapital(speaker, random)}";
            }

            segments.Add(new(speaker, start, text));
            start += random.Next(3_000, 20_000);
        }

        return segments;
    }
}
