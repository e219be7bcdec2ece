using System.Collections.Concurrent;

namespace AiPlatform.Services.Chat.Sessions;

/// <summary>
/// What the service would need to serve its sessions without Redis. A copy that Redis does not have yet is unsaved; unsaved
/// copies are kept until they are written or expire, the others only as long as there is room. When all room is taken by unsaved
/// ones no further session is taken in.
/// </summary>
internal sealed class LocalCopies<T>(int capacity, TimeProvider timeProvider)
    where T : class
{
    private readonly ConcurrentDictionary<ChatSessionKey, Copy> _copies = new();
    private readonly Lock _changing = new();

    public T? Find(ChatSessionKey session) =>
        _copies.TryGetValue(session, out var copy) && copy.ExpiresAt > timeProvider.GetUtcNow() ? copy.Value : null;

    public Copy? FindUnsaved(ChatSessionKey session) =>
        _copies.TryGetValue(session, out var copy) && copy.Unsaved && copy.ExpiresAt > timeProvider.GetUtcNow() ? copy : null;

    public IEnumerable<ChatSessionKey> Unsaved() => _copies.Where(pair => pair.Value.Unsaved).Select(pair => pair.Key);

    /// <summary>Keeps what Redis has, where there is room. A copy that Redis does not have yet stays: it was changed meanwhile.</summary>
    public void Keep(ChatSessionKey session, T value, TimeSpan lifetime)
    {
        lock (_changing)
        {
            if (FindUnsaved(session) is null && HasRoom(session))
            {
                _copies[session] = new(value, timeProvider.GetUtcNow() + lifetime, Unsaved: false);
            }
        }
    }

    /// <summary>Changes a session's copy, null where there is none, for Redis to get later; one change after the other.</summary>
    /// <param name="change">Quick, and of nothing but what it is given: those of other sessions wait for it.</param>
    /// <returns>Null when there is no room: nothing is kept then.</returns>
    public T? TryChange(ChatSessionKey session, Func<T?, T> change, TimeSpan lifetime)
    {
        lock (_changing)
        {
            if (!HasRoom(session))
            {
                return null;
            }

            var changed = change(Find(session));
            _copies[session] = new(changed, timeProvider.GetUtcNow() + lifetime, Unsaved: true);
            return changed;
        }
    }

    /// <summary>Marks a copy as saved unless it changed since it was read.</summary>
    public void Saved(ChatSessionKey session, Copy copy) => _copies.TryUpdate(session, copy with { Unsaved = false }, copy);

    public void Drop(ChatSessionKey session) => _copies.TryRemove(session, out _);

    /// <summary>Drops what expired, and nothing else.</summary>
    public void Sweep()
    {
        var now = timeProvider.GetUtcNow();
        foreach (var pair in _copies.Where(pair => pair.Value.ExpiresAt <= now))
        {
            _copies.TryRemove(pair);
        }
    }

    private bool HasRoom(ChatSessionKey session)
    {
        if (_copies.Count >= capacity && !_copies.ContainsKey(session))
        {
            Sweep();
            MakeRoom();
        }

        return _copies.Count < capacity || _copies.ContainsKey(session);
    }

    private void MakeRoom()
    {
        foreach (var pair in _copies.Where(pair => !pair.Value.Unsaved).Take(Math.Max(1, capacity / 10)))
        {
            _copies.TryRemove(pair);
        }
    }

    internal sealed record Copy(T Value, DateTimeOffset ExpiresAt, bool Unsaved);
}
