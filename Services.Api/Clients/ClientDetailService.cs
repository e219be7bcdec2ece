using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Api.Homework;
using AiPlatform.Services.Api.Mood;
using AiPlatform.Services.Api.Practices;

namespace AiPlatform.Services.Api.Clients;

/// <summary>What a search tells of its matches when it is asked for everything: one statement of each kind for all of them.</summary>
internal sealed class ClientDetailService(IHomeworkStore homework, IMoodStore moods, PracticeClock clock, TimeProvider timeProvider)
{
    /// <param name="found">The clients of the matches, in the same order.</param>
    public async Task<IReadOnlyList<ClientMatchResponse>> AddAsync(
        CurrentUser user, IReadOnlyList<ListedClient> found, IReadOnlyList<ClientMatchResponse> matches, ClientDetail detail, CancellationToken cancellationToken)
    {
        var ids = found.Select(client => client.Id).ToList();
        var today = await clock.TodayAsync(user.PracticeId, cancellationToken);
        var assignments = await homework.CountAsync(user.PracticeId, ids, timeProvider.GetUtcNow(), cancellationToken);
        var lastMoods = user.Role is UserRole.Reception
            ? new Dictionary<Guid, DateTimeOffset>()
            : await moods.FindLastAsync(user.PracticeId, ids, cancellationToken);
        return [.. found.Zip(matches, (client, match) =>
        {
            var counts = assignments.GetValueOrDefault(client.Id) ?? HomeworkCounts.None;
            DateTimeOffset? lastMood = lastMoods.TryGetValue(client.Id, out var time) ? time : null;
            return match with
            {
                Demographics = detail.Demographics
                    ? new(AgeOn(today, client.DateOfBirth), client.DateOfBirth, client.Pronouns, client.Email, client.Phone, client.StartedAt)
                    : null,
                Assignments = detail.Assignments
                    ? new(counts.Total, counts.Active, counts.Completed, counts.Expired, counts.Cancelled, counts.Submissions)
                    : null,
                RecentActivity = new(
                    new[] { match.LastSessionAt, counts.LastAssignedAt, counts.LastSubmittedAt, lastMood }.Max(),
                    match.LastSessionAt, counts.LastAssignedAt, counts.LastSubmittedAt, lastMood),
            };
        })];
    }

    private static int AgeOn(DateOnly day, DateOnly birth) => day.Year - birth.Year - (day < birth.AddYears(day.Year - birth.Year) ? 1 : 0);
}

internal sealed record ClientDetail(bool Demographics, bool Assignments);
