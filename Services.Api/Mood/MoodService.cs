using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.ServiceDefaults.Writes;
using AiPlatform.Services.Api.Audit;
using AiPlatform.Services.Api.Clients;
using AiPlatform.Services.Api.Http;

namespace AiPlatform.Services.Api.Mood;

/// <summary>A client says how they are, and they and those who treat or lead see how it goes. Reception does not.</summary>
internal sealed class MoodService(IMoodStore moods, ClientGate gate, AuditQueue audit, TimeProvider timeProvider)
{
    private static readonly TimeSpan Oldest = TimeSpan.FromDays(366);

    // A phone's clock may be ahead of ours.
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(1);

    /// <returns>The client who is signed in.</returns>
    public static Guid OwnClientId(CurrentUser user) =>
        user.OwnClientId("mood.clients_only", "This is for clients and their own mood.");

    public async Task<(MoodEntry Entry, bool Created)> RecordAsync(
        CurrentUser user, RecordMoodRequest request, WriteKey key, CancellationToken cancellationToken)
    {
        var now = timeProvider.GetUtcNow();
        var faults = new Faults("mood.invalid");
        if (request.RecordedAt > now + Ahead || request.RecordedAt < now - Oldest)
        {
            faults.Add("recordedAt", "mood.time_invalid", "The time lies within the last year, not in the future.");
        }

        var entry = new MoodEntry(
            Guid.CreateVersion7(now), OwnClientId(user),
            faults.Text("mood", request.Mood, 200),
            faults.Number("scale", request.Scale, 1, 10),
            faults.OptionalText("note", request.Note, 2000),
            request.RecordedAt ?? now);
        faults.Throw();

        await EnsureSeesAsync(user, entry.ClientId, cancellationToken);
        return await moods.AddAsync(user.PracticeId, key, entry, AuditEntry.By(user, AuditActions.MoodRecorded, AuditRecords.Mood, entry.Id, now), cancellationToken);
    }

    public async Task<MoodProfileResponse> ReadAsync(
        CurrentUser user, Guid clientId, int days, TimeCursor? after, int limit, CancellationToken cancellationToken)
    {
        if (user.Role is UserRole.Reception)
        {
            throw new DomainException(DomainErrorKind.Forbidden, "mood.forbidden", "Moods are read by the client and by those who treat or lead.");
        }

        await EnsureSeesAsync(user, clientId, cancellationToken);
        await audit.RecordAsync(
            user.PracticeId,
            AuditEntry.By(user, AuditActions.MoodRead, AuditRecords.Client, clientId, timeProvider.GetUtcNow()),
            cancellationToken);
        var from = timeProvider.GetUtcNow().AddDays(-days);
        var (found, figures) = await moods.ReadAsync(user.PracticeId, clientId, from, after, limit + 1, cancellationToken);
        var (page, next) = TimeCursor.Page(found, limit, entry => new(entry.RecordedAt, entry.Id));
        return new(days, MoodTrend.From(figures), [.. page.Select(ToResponse)], next);
    }

    public static MoodEntryResponse ToResponse(MoodEntry entry) => new(entry.Id, entry.Mood, entry.Scale, entry.Note, entry.RecordedAt);

    private async Task EnsureSeesAsync(CurrentUser user, Guid clientId, CancellationToken cancellationToken)
    {
        if (!await gate.SeesAsync(user, clientId, cancellationToken))
        {
            throw ClientAccess.NotFound();
        }
    }
}
