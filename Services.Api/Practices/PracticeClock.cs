using System.Collections.Concurrent;

namespace AiPlatform.Services.Api.Practices;

/// <summary>Which day it is in a practice: its dates are days of its own time zone.</summary>
internal sealed class PracticeClock(IPracticeStore practices, TimeProvider timeProvider)
{
    // Asked for by nearly every request; a practice that moves to another zone has its days a minute later.
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<Guid, KnownZone> _zones = new();

    public async ValueTask<DateOnly> TodayAsync(Guid practiceId, CancellationToken cancellationToken)
    {
        var now = timeProvider.GetUtcNow();
        if (!_zones.TryGetValue(practiceId, out var known) || known.Until <= now)
        {
            if (await practices.FindAsync(practiceId, cancellationToken) is not { } practice)
            {
                return DateOnly.FromDateTime(now.UtcDateTime);
            }

            var found = TimeZoneInfo.TryFindSystemTimeZoneById(practice.TimeZone, out var zone);
            known = new(found ? zone! : TimeZoneInfo.Utc, now + Kept);
            _zones[practiceId] = known;
        }

        return DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, known.Zone).DateTime);
    }

    private sealed record KnownZone(TimeZoneInfo Zone, DateTimeOffset Until);
}
