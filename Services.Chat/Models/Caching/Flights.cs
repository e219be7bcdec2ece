using System.Collections.Concurrent;

namespace AiPlatform.Services.Chat.Models.Caching;

/// <summary>The calls of this replica that others may wait for.</summary>
internal sealed class Flights(TimeProvider timeProvider)
{
    private readonly ConcurrentDictionary<CacheAddress, (Flight Flight, CacheOrigin Origin)> _open = [];

    /// <returns>The flight that was joined, or the caller's own to lead.</returns>
    public (Flight Flight, bool Leads) JoinOrLead(CachePlan plan)
    {
        var own = new Flight(timeProvider);

        while (true)
        {
            var entry = _open.GetOrAdd(plan.Address, (own, plan.Origin));

            if (ReferenceEquals(entry.Flight, own))
            {
                return (own, true);
            }

            if (entry.Flight.TryJoin())
            {
                own.Dispose();
                return (entry.Flight, false);
            }

            if (_open.TryUpdate(plan.Address, (own, plan.Origin), entry))
            {
                return (own, true);
            }
        }
    }

    public void Remove(CacheAddress address, Flight flight)
    {
        if (_open.TryGetValue(address, out var entry) && ReferenceEquals(entry.Flight, flight))
        {
            _open.TryRemove(new(address, entry));
        }
    }

    /// <summary>Nobody joins these any more. Who waits for one gets its reply, as they asked before.</summary>
    public void Forget(Guid practiceId, Guid? userId, string? model)
    {
        foreach (var (address, entry) in _open)
        {
            if (entry.Origin.IsOf(practiceId, userId, model))
            {
                _open.TryRemove(new(address, entry));
            }
        }
    }

    /// <summary>How many calls wait for another's reply.</summary>
    public int Followers => _open.Values.Sum(static entry => entry.Flight.Followers);
}
