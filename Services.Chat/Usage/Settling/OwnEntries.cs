using System.Collections.Concurrent;
using AiPlatform.Services.Chat.Usage.Records;

namespace AiPlatform.Services.Chat.Usage.Settling;

/// <summary>
/// What this replica has appended and nobody has taken to write yet, so that it need not have it back from Redis and read it again. Redis has it all the same:
/// what there is no room for, or was forgotten, comes from there.
/// </summary>
internal sealed class OwnEntries(TimeProvider timeProvider)
{
    // Some 6 MB, and a second of what a busy replica settles. When MySQL is away, more of them would only be memory.
    private const int MaxCalls = 20_000;

    // What is here longer was taken by another replica, or was on its way when Redis did not answer.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan BetweenSweeps = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, (IReadOnlyList<SettledCall> Calls, long Since)> _entries = new(StringComparer.Ordinal);
    private int _count;
    private long _sweptAt;

    /// <summary>Whether the next entry is kept.</summary>
    public bool HasRoom()
    {
        if (Volatile.Read(ref _count) >= MaxCalls && timeProvider.GetElapsedTime(Volatile.Read(ref _sweptAt)) >= BetweenSweeps)
        {
            Volatile.Write(ref _sweptAt, timeProvider.GetTimestamp());

            foreach (var (id, (_, since)) in _entries)
            {
                if (timeProvider.GetElapsedTime(since) > Longest)
                {
                    Take(id);
                }
            }
        }

        return Volatile.Read(ref _count) < MaxCalls;
    }

    public void Keep(string id, IReadOnlyList<SettledCall> calls)
    {
        Interlocked.Add(ref _count, calls.Count);
        _entries[id] = (calls, timeProvider.GetTimestamp());
    }

    /// <returns>Null for one that is not known here any more.</returns>
    public IReadOnlyList<SettledCall>? Take(string id)
    {
        if (!_entries.TryRemove(id, out var entry))
        {
            return null;
        }

        Interlocked.Add(ref _count, -entry.Calls.Count);
        return entry.Calls;
    }
}
